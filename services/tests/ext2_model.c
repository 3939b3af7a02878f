/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>

#include <kernel/lib/errno.h>
#include <services/tests/ext2_calls.h>
#include <services/tests/ext2_model.h>
#include <services/tests/mock_block.h>
#include <services/tests/mock_core.h>

#define NODES 300
#define NAMES 500
#define PAGES 24 /* of a file, with contents */
#define ROOT  0

struct node {
	bool used;
	uint64_t object, size;
	uint32_t mode, uid, gid, device, links;
	unsigned int parent; /* of a directory */
	char *target;
	struct {
		uint64_t index;
		uint8_t *bytes;
	} pages[PAGES];
	unsigned int page_count;
};

struct name {
	bool used;
	unsigned int directory, node;
	char text[FS_NAME_MAX + 1];
};

static struct node nodes[NODES];
static struct name names[NAMES];
static unsigned int names_used, nodes_used;
static uint64_t bytes_per_block, refused, random_state;
static uint32_t owner;

/* ---- what is expected, and what came ---- */

static _Noreturn void differs(const char *what, uint64_t expected, uint64_t found)
{
	fprintf(stderr, "%s: %lld expected, %lld found\n", what, (long long)expected,
	        (long long)found);
	abort();
}

static void expect(const char *what, uint64_t expected, uint64_t found)
{
	if (expected != found)
		differs(what, expected, found);
}

/* An answer: as expected, or no space, and then nothing was to be changed. */
static bool succeeds(const char *what, long expected, long found)
{
	if (found == -ENOSPC && expected == 0) {
		refused++;
		return false;
	}
	expect(what, (uint64_t)expected, (uint64_t)found);
	return expected == 0;
}

uint64_t model_refused(void)
{
	return refused;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t random_next(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15UL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9UL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebUL;
	return z ^ z >> 31;
}

uint64_t random_below(uint64_t limit)
{
	return random_next() % limit;
}

void random_start(uint64_t seed)
{
	random_state = seed;
}

/* ---- nodes and names ---- */

static unsigned int node_make(uint64_t object, uint32_t mode)
{
	for (unsigned int i = 0; i < NODES; i++)
		if (!nodes[i].used) {
			nodes[i] = (struct node){
			        .used = true, .object = object, .mode = mode, .links = 1};
			nodes_used++;
			return i;
		}
	abort();
}

static void node_forget(unsigned int index)
{
	struct node *node = &nodes[index];

	for (unsigned int i = 0; i < node->page_count; i++)
		free(node->pages[i].bytes);
	free(node->target);
	node->used = false;
	nodes_used--;
}

static struct name *name_find(unsigned int directory, const char *text)
{
	for (unsigned int i = 0; i < NAMES; i++)
		if (names[i].used && names[i].directory == directory &&
		    strcmp(names[i].text, text) == 0)
			return &names[i];
	return NULL;
}

static void name_make(unsigned int directory, const char *text, unsigned int node)
{
	for (unsigned int i = 0; i < NAMES; i++)
		if (!names[i].used) {
			names[i].used = true;
			names[i].directory = directory;
			names[i].node = node;
			snprintf(names[i].text, sizeof(names[i].text), "%s", text);
			names_used++;
			return;
		}
	abort();
}

static bool is_empty(unsigned int directory)
{
	for (unsigned int i = 0; i < NAMES; i++)
		if (names[i].used && names[i].directory == directory)
			return false;
	return true;
}

static bool is_directory(unsigned int node)
{
	return S_ISDIR(nodes[node].mode);
}

/* A random node that a test takes, ROOT when chance finds none. */
static unsigned int any_node(bool (*suits)(unsigned int node))
{
	for (unsigned int tries = 0; tries < 64; tries++) {
		unsigned int i = (unsigned int)random_below(NODES);

		if (nodes[i].used && suits(i))
			return i;
	}
	return ROOT;
}

static bool is_open_directory(unsigned int node)
{
	return is_directory(node) && nodes[node].links > 0;
}

static bool is_file(unsigned int node)
{
	return S_ISREG(nodes[node].mode);
}

static bool is_any(unsigned int node)
{
	return nodes[node].used;
}

static struct name *any_name(void)
{
	for (unsigned int tries = 0; tries < 64; tries++) {
		struct name *name = &names[random_below(NAMES)];

		if (name->used)
			return name;
	}
	return NULL;
}

/* Mostly short, so that they meet again; at times as long as can be. */
static void make_name(char *text)
{
	unsigned int number = (unsigned int)random_below(200);
	size_t length = random_below(16) == 0 ? 200 + random_below(56) : 0;

	snprintf(text, FS_NAME_MAX + 1, "n%u%.*s", number, (int)random_below(12), "-and-a-tail");
	for (size_t at = strlen(text); at < length; at++) {
		text[at] = (char)('a' + at % 26);
		text[at + 1] = 0;
	}
	text[FS_NAME_MAX] = 0;
}

/* ---- operations ---- */

static void create(void)
{
	static const uint32_t types[] = {S_IFREG, S_IFREG, S_IFREG, S_IFREG,  S_IFDIR, S_IFDIR,
	                                 S_IFLNK, S_IFLNK, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK};
	char text[FS_NAME_MAX + 1], target[1000];
	unsigned int directory = any_node(is_open_directory), node;
	uint32_t mode = types[random_below(12)] | (uint32_t)random_below(01000);
	struct ext2_request r = {
	        .operation = EXT2_DO_CREATE,
	        .directory = nodes[directory].object,
	        .name = text,
	        .new_name = S_ISLNK(mode) ? target : NULL,
	        .new_object = {.mode = mode, .uid = owner, .gid = (uint32_t)random_below(1 << 20)}};
	size_t length = random_below(2) ? 1 + random_below(70) : 1 + random_below(900);

	if (nodes_used >= NODES - 10 || names_used >= NAMES - 10)
		return;
	make_name(text);
	memset(target, 't', length);
	target[length] = 0;
	if (S_ISCHR(mode) || S_ISBLK(mode))
		r.new_object.device =
		        1 + (uint32_t)random_below(random_below(2) ? 1 << 16 : 1 << 20);
	if (!succeeds("create", name_find(directory, text) ? -EEXIST : 0, ext2_call(&r)))
		return;
	node = node_make(r.attr.object, mode);
	nodes[node].uid = owner;
	nodes[node].gid = r.new_object.gid;
	nodes[node].device = r.new_object.device;
	if (S_ISLNK(mode)) {
		nodes[node].target = strdup(target);
		nodes[node].size = length;
	}
	if (S_ISDIR(mode)) {
		nodes[node].links = 2;
		nodes[node].parent = directory;
		nodes[directory].links++;
	}
	name_make(directory, text, node);
}

static void create_nameless(void)
{
	struct ext2_request r = {.operation = EXT2_DO_CREATE,
	                         .directory = nodes[ROOT].object,
	                         .new_object = {.mode = S_IFREG | 0600, .uid = owner}};
	unsigned int node;

	if (nodes_used >= NODES - 10 || !succeeds("create", 0, ext2_call(&r)))
		return;
	node = node_make(r.attr.object, r.new_object.mode);
	nodes[node].uid = owner;
	nodes[node].links = 0;
}

static void make_link(void)
{
	char text[FS_NAME_MAX + 1];
	unsigned int directory = any_node(is_open_directory), node = any_node(is_any);
	struct ext2_request r = {.operation = EXT2_DO_LINK,
	                         .directory = nodes[directory].object,
	                         .name = text,
	                         .object = nodes[node].object};
	long expected = 0;

	if (names_used >= NAMES - 10)
		return;
	make_name(text);
	if (name_find(directory, text))
		expected = -EEXIST;
	else if (nodes[node].links == 0)
		expected = -ENOENT;
	else if (is_directory(node))
		expected = -EPERM;
	if (!succeeds("link", expected, ext2_call(&r)))
		return;
	nodes[node].links++;
	name_make(directory, text, node);
}

/* A node has lost its name in a directory. */
static void drop(struct name *name)
{
	struct node *node = &nodes[name->node];

	if (S_ISDIR(node->mode)) {
		node->links = 0;
		nodes[name->directory].links--;
	} else {
		node->links--;
	}
	name->used = false;
	names_used--;
}

static void release(unsigned int node)
{
	struct ext2_request r = {.operation = EXT2_DO_RELEASE, .object = nodes[node].object};
	struct ext2_request look = {.operation = EXT2_DO_GETATTR, .object = nodes[node].object};

	expect("release", 0, (uint64_t)ext2_call(&r));
	if (nodes[node].links > 0)
		return;
	expect("getattr of what is gone", (uint64_t)-ENOENT, (uint64_t)ext2_call(&look));
	node_forget(node);
}

static void make_unlink(void)
{
	struct name *name = any_name();
	struct ext2_request r = {.operation = EXT2_DO_UNLINK};
	bool directory, remove = random_below(4) != 0;
	unsigned int node;
	long expected = 0;

	if (!name)
		return;
	node = name->node;
	directory = is_directory(node);
	r.directory = nodes[name->directory].object;
	r.name = name->text;
	r.flags = remove == directory ? AT_REMOVEDIR : 0;
	if (directory != (r.flags == AT_REMOVEDIR))
		expected = directory ? -EISDIR : -ENOTDIR;
	else if (directory && !is_empty(node))
		expected = -ENOTEMPTY;
	if (!succeeds("unlink", expected, ext2_call(&r)))
		return;
	drop(name);
	if (random_below(3))
		release(node);
}

static bool lies_in(unsigned int directory, unsigned int ancestor)
{
	while (directory != ancestor && directory != ROOT)
		directory = nodes[directory].parent;
	return directory == ancestor;
}

static long expected_of_rename(const struct name *old, unsigned int to, const struct name *new,
                               uint32_t flags)
{
	bool directory = is_directory(old->node);

	if (new && new->node == old->node && !flags)
		return 0;
	if (new && flags)
		return -EEXIST;
	if (directory && lies_in(to, old->node))
		return -EINVAL;
	if (!new)
		return 0;
	if (directory != is_directory(new->node))
		return directory ? -ENOTDIR : -EISDIR;
	return directory && !is_empty(new->node) ? -ENOTEMPTY : 0;
}

static void make_rename(void)
{
	char text[FS_NAME_MAX + 1];
	struct name *old = any_name(), *new;
	unsigned int to = any_node(is_open_directory), node;
	struct ext2_request r = {.operation = EXT2_DO_RENAME,
	                         .new_name = text,
	                         .flags = random_below(4) ? 0 : RENAME_NOREPLACE};

	if (!old)
		return;
	make_name(text);
	if (random_below(3) == 0) {
		new = any_name();
		if (new) {
			to = new->directory;
			strcpy(text, new->text);
		}
	}
	new = name_find(to, text);
	node = old->node;
	r.directory = nodes[old->directory].object;
	r.name = old->text;
	r.to = nodes[to].object;
	if (!succeeds("rename", expected_of_rename(old, to, new, r.flags), ext2_call(&r)) ||
	    (new && new->node == node))
		return;
	if (new)
		drop(new);
	if (is_directory(node)) {
		nodes[old->directory].links--;
		nodes[to].links++;
		nodes[node].parent = to;
	}
	old->used = false;
	names_used--;
	name_make(to, text, node);
}

static void make_setattr(void)
{
	unsigned int node = any_node(is_any);
	struct ext2_request r = {.operation = EXT2_DO_SETATTR,
	                         .object = nodes[node].object,
	                         .flags = FS_SET_MODE | FS_SET_GID | FS_SET_MTIME,
	                         .attr = {.mode = (uint32_t)random_below(010000),
	                                  .gid = (uint32_t)random_next(),
	                                  .modify_time = random_below(1UL << 63)}};
	uint32_t mode = r.attr.mode, gid = r.attr.gid;

	expect("setattr", 0, (uint64_t)ext2_call(&r));
	nodes[node].mode = (nodes[node].mode & S_IFMT) | mode;
	nodes[node].gid = gid;
}

/* ---- contents ---- */

static uint8_t *page_of(struct node *node, uint64_t index, bool make)
{
	for (unsigned int i = 0; i < node->page_count; i++)
		if (node->pages[i].index == index)
			return node->pages[i].bytes;
	if (!make || node->page_count == PAGES)
		return NULL;
	node->pages[node->page_count].index = index;
	node->pages[node->page_count].bytes = calloc(1, BLOCK_PAGE);
	return node->pages[node->page_count++].bytes;
}

/* Near the start, or where another level of indirect blocks begins. */
static uint64_t any_offset(void)
{
	uint64_t per = bytes_per_block / 4, ends[] = {0, 12, 12 + per, 12 + per + per * per};
	uint64_t base = ends[random_below(random_below(2) ? 4 : 2)] * bytes_per_block;
	uint64_t near = random_below(4 * BLOCK_PAGE);

	return base > 2 * BLOCK_PAGE ? base - 2 * BLOCK_PAGE + near : base + near;
}

static void make_write(void)
{
	unsigned int index = any_node(is_file);
	struct node *node = &nodes[index];
	uint64_t offset = any_offset(), size = 1 + random_below(random_below(2) ? 300 : 9000);
	uint64_t fresh = 0;
	uint8_t bytes[9000];

	if (!is_file(index))
		return;
	for (uint64_t page = offset / BLOCK_PAGE; page <= (offset + size - 1) / BLOCK_PAGE; page++)
		fresh += page_of(node, page, false) == NULL;
	if (node->page_count + fresh > PAGES)
		return;
	for (uint64_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)random_next();
	if (!succeeds("extend", 0, ext2_write_contents(node->object, offset, bytes, size)))
		return;
	for (uint64_t i = 0; i < size; i++)
		page_of(node, (offset + i) / BLOCK_PAGE, true)[(offset + i) % BLOCK_PAGE] =
		        bytes[i];
	if (offset + size > node->size)
		node->size = offset + size;
	node->mode &= ~(uint32_t)(S_ISUID | (node->mode & S_IXGRP ? S_ISGID : 0));
}

static void make_truncate(void)
{
	unsigned int index = any_node(is_file), kept = 0;
	struct node *node = &nodes[index];
	uint64_t size = random_below(3) ? any_offset() : random_below(2 * BLOCK_PAGE);

	if (!is_file(index))
		return;
	expect("truncate", 0, (uint64_t)ext2_set_size(node->object, size));
	node->size = size;
	for (unsigned int i = 0; i < node->page_count; i++) {
		uint64_t start = node->pages[i].index * BLOCK_PAGE;

		if (start >= size) {
			free(node->pages[i].bytes);
			continue;
		}
		if (size - start < BLOCK_PAGE)
			memset(node->pages[i].bytes + (size - start), 0,
			       BLOCK_PAGE - (size - start));
		node->pages[kept++] = node->pages[i];
	}
	node->page_count = kept;
}

static void release_any(void)
{
	unsigned int node = any_node(is_any);

	if (node != ROOT)
		release(node);
}

void model_release(void)
{
	for (unsigned int i = 0; i < NODES; i++)
		if (nodes[i].used && nodes[i].links == 0)
			release(i);
}

static void restart(void)
{
	ext2_start();
	ext2_sync_all();
}

void model_operate(void)
{
	static const struct {
		void (*operate)(void);
		unsigned int weight;
	} operations[] = {
	        {create, 30},      {create_nameless, 1}, {make_link, 8},   {make_unlink, 22},
	        {make_rename, 14}, {make_setattr, 5},    {make_write, 30}, {make_truncate, 6},
	        {release_any, 4},  {ext2_sync_all, 2},   {restart, 1},
	};
	uint64_t chance = random_below(123);
	unsigned int i = 0;

	mock_time += 1000000007;
	while (chance >= operations[i].weight)
		chance -= operations[i++].weight;
	operations[i].operate();
}

void model_start(uint64_t root, uint32_t block_size, bool owner_is_root)
{
	struct ext2_request r = {.operation = EXT2_DO_GETATTR, .object = root};

	for (unsigned int i = 0; i < NODES; i++)
		if (nodes[i].used)
			node_forget(i);
	memset(names, 0, sizeof(names));
	names_used = 0;
	bytes_per_block = block_size;
	owner = owner_is_root ? 0 : 1000;
	refused = 0;
	expect("getattr", 0, (uint64_t)ext2_call(&r));
	nodes[node_make(root, r.attr.mode)].links = r.attr.links;
	nodes[ROOT].gid = r.attr.gid;
}

/* ---- comparison ---- */

static void compare_contents(struct node *node)
{
	uint8_t bytes[BLOCK_PAGE];

	for (unsigned int i = 0; i < node->page_count; i++) {
		uint64_t start = node->pages[i].index * BLOCK_PAGE;

		expect("reading", 0,
		       (uint64_t)ext2_read_contents(node->object, start, bytes, BLOCK_PAGE));
		expect("contents", 0,
		       (uint64_t)(memcmp(bytes, node->pages[i].bytes, BLOCK_PAGE) != 0));
	}
	for (unsigned int i = 0; i < 4; i++) {
		uint64_t page = any_offset() / BLOCK_PAGE;

		if (page_of(node, page, false))
			continue;
		expect("reading", 0,
		       (uint64_t)ext2_read_contents(node->object, page * BLOCK_PAGE, bytes,
		                                    BLOCK_PAGE));
		for (unsigned int k = 0; k < BLOCK_PAGE; k++)
			expect("a hole", 0, bytes[k]);
	}
}

static void compare_node(struct node *node)
{
	struct ext2_request r = {.operation = EXT2_DO_GETATTR, .object = node->object};
	char target[1024];

	expect("getattr", 0, (uint64_t)ext2_call(&r));
	expect("mode", node->mode, r.attr.mode);
	expect("links", node->links, r.attr.links);
	expect("uid", node->uid, r.attr.uid);
	expect("gid", node->gid, r.attr.gid);
	expect("device", node->device, r.attr.device);
	if (!S_ISDIR(node->mode))
		expect("size", node->size, r.attr.size);
	if (S_ISREG(node->mode))
		compare_contents(node);
	if (!S_ISLNK(node->mode))
		return;
	r.operation = EXT2_DO_READLINK;
	r.buffer = target;
	r.size = sizeof(target);
	expect("readlink", node->size, (uint64_t)ext2_call(&r));
	expect("target", 0, (uint64_t)(memcmp(target, node->target, node->size) != 0));
}

static unsigned int compare_directory(unsigned int directory)
{
	struct fs_entry entries[7];
	struct ext2_request r = {.operation = EXT2_DO_READDIR,
	                         .directory = nodes[directory].object,
	                         .buffer = entries,
	                         .size = sizeof(entries)};
	unsigned int found = 0;
	long count;

	while ((count = ext2_call(&r)) > 0)
		for (long i = 0; i < count; i++) {
			struct name *name = name_find(directory, entries[i].name);

			r.offset = entries[i].cookie;
			if (directory == ROOT && strcmp(entries[i].name, "lost+found") == 0)
				continue;
			if (!name)
				differs(entries[i].name, 0, 1);
			expect(name->text, nodes[name->node].object, entries[i].object);
			expect("type", nodes[name->node].mode >> 12, entries[i].type);
			found++;
		}
	expect("readdir", 0, (uint64_t)count);
	return found;
}

void model_compare(void)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < NAMES; i++) {
		struct ext2_request r = {.operation = EXT2_DO_LOOKUP, .name = names[i].text};

		if (!names[i].used)
			continue;
		r.directory = nodes[names[i].directory].object;
		expect("lookup", 0, (uint64_t)ext2_call(&r));
		expect(names[i].text, nodes[names[i].node].object, r.attr.object);
	}
	for (unsigned int i = 0; i < NODES; i++) {
		if (!nodes[i].used)
			continue;
		compare_node(&nodes[i]);
		if (is_open_directory(i))
			found += compare_directory(i);
	}
	expect("names", names_used, found);
}

void model_list(void)
{
	for (unsigned int i = 0; i < NAMES; i++)
		if (names[i].used && names[i].directory == ROOT)
			printf("%s %u %llu\n", names[i].text,
			       (unsigned int)nodes[names[i].node].object,
			       (unsigned long long)nodes[names[i].node].size);
}
