/* SPDX-License-Identifier: MIT
 *
 * ext2 under random operations, on an image that mke2fs made:
 *
 *   ext2_random operate IMAGE --count N --seed S [--user] [--list]
 *       N operations by seed against a model; the image is left unmounted, for
 *       e2fsck and debugfs to look at. --user: files are not root's. --list: the
 *       root's names with the numbers and sizes of their inodes
 *   ext2_random spoil IMAGE --count N --seed S
 *       N copies with flipped bits and overwritten blocks, on each some
 *       operations: they may answer errors, and end
 *   ext2_random cut IMAGE --count N --seed S --to DIRECTORY
 *       operations, and N power cuts in the middle of writing a batch: of each the
 *       image before the batch, the one after it, and the one that the cut leaves
 *   ext2_random dump IMAGE
 *       each object's path, mode, links, owner, size and target, and of each page
 *       of contents its place and its hash
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/fcntl.h>
#include <sys/stat.h>

#include <kernel/lib/errno.h>
#include <services/tests/ext2_calls.h>
#include <services/tests/ext2_model.h>
#include <services/tests/mock_block.h>

static uint64_t count = 1000, seed = 1;
static const char *to = ".";
static bool user, list;
static uint64_t errors; /* answers that a broken image gave */

static uint64_t mount(void)
{
	struct ext2_request r = {.operation = EXT2_DO_MOUNT};
	long error;

	ext2_start();
	error = ext2_call(&r);
	if (error) {
		fprintf(stderr, "mount answers %ld\n", error);
		exit(1);
	}
	return r.attr.object;
}

static uint32_t block_size(void)
{
	struct ext2_request r = {.operation = EXT2_DO_STATFS};

	if (ext2_call(&r) != 0)
		abort();
	return (uint32_t)r.statistics.block_size;
}

static int operate(const char *path)
{
	struct ext2_request unmount = {.operation = EXT2_DO_UNMOUNT};
	uint64_t root;

	mock_block_load(path);
	root = mount();
	model_start(root, block_size(), !user);
	random_start(seed);
	for (uint64_t i = 1; i <= count; i++) {
		model_operate();
		if (i % 1000 == 0 || i == count)
			model_compare();
	}
	printf("%llu operations, %llu without space\n", (unsigned long long)count,
	       (unsigned long long)model_refused());
	if (list)
		model_list();
	model_release();
	if (ext2_call(&unmount) != 0)
		return 1;
	mock_block_save(path);
	return 0;
}

/* ---- broken images ---- */

static void spoil_image(void)
{
	uint64_t size = mock_block_size(), hits = 1 + random_below(100);
	/* Mostly where the tables and the first directories lie. */
	uint64_t reach = random_below(3) ? size / 16 : size;
	uint8_t *bytes = mock_block_bytes();

	for (uint64_t i = 0; i < hits; i++) {
		uint64_t at = 1024 + random_below(reach - 1024);
		uint32_t word =
		        random_below(2) ? (uint32_t)random_next() : (uint32_t)random_below(2048);

		if (random_below(8) == 0)
			memset(bytes + at / 1024 * 1024, (int)random_below(256), 1024);
		else if (random_below(2))
			memcpy(bytes + at / 4 * 4, &word, sizeof(word));
		else
			bytes[at] ^= (uint8_t)(1u << random_below(8));
	}
}

/* What a user of a broken file system may do. Nothing is expected but an end. */
static void use(uint64_t root)
{
	static struct fs_entry entries[12];
	static uint8_t buffer[8192];
	uint64_t objects[16] = {root};
	const char *names[16] = {"x"};
	unsigned int known = 1;
	char texts[16][FS_NAME_MAX + 1];

	for (unsigned int i = 0; i < 60; i++) {
		struct ext2_request r = {
		        .operation =
		                EXT2_DO_CREATE + random_below(EXT2_DO_STATFS + 1 - EXT2_DO_CREATE),
		        .directory = objects[random_below(known)],
		        .object = objects[random_below(known)],
		        .to = objects[random_below(known)],
		        .name = names[random_below(known)],
		        .new_name = names[random_below(known)],
		        .new_object = {.mode = random_below(2) ? S_IFDIR : S_IFREG},
		        .buffer = entries,
		        .size = sizeof(entries) < 4096 ? sizeof(entries) : 4096,
		};
		long result;

		if (i % 4 == 0)
			r.operation = EXT2_DO_READDIR;
		if (r.operation == EXT2_DO_UNLINK)
			r.flags = random_below(2) ? AT_REMOVEDIR : 0;
		if (r.operation == EXT2_DO_SETATTR)
			r.flags = FS_SET_SIZE;
		if (r.operation == EXT2_DO_EXTEND || r.operation == EXT2_DO_MAP)
			r.offset = random_below(1 << 20);
		result = ext2_call(&r);
		errors += result == -EUCLEAN;
		for (long k = 0; r.operation == EXT2_DO_READDIR && k < result; k++) {
			unsigned int slot =
			        known < 16 ? known++ : 1 + (unsigned int)random_below(15);

			objects[slot] = entries[k].object;
			strcpy(texts[slot], entries[k].name);
			names[slot] = texts[slot];
		}
		(void)ext2_read_contents(r.object, random_below(1 << 18), buffer, 4096);
	}
}

static int spoil(const char *path)
{
	uint64_t mounted = 0;

	mock_block_load(path);
	random_start(seed);
	for (uint64_t i = 0; i < count; i++) {
		struct ext2_request r = {.operation = EXT2_DO_MOUNT};

		mock_block_restore();
		spoil_image();
		ext2_start();
		if (ext2_call(&r) != 0)
			continue;
		mounted++;
		use(r.attr.object);
	}
	printf("%llu images, %llu mounted, %llu times told to be broken\n",
	       (unsigned long long)count, (unsigned long long)mounted, (unsigned long long)errors);
	return 0;
}

/* ---- power cuts ---- */

static uint64_t cuts;

/* The model's own syncs are cut, too. */
static void cut_batch(void)
{
	uint64_t dirty = mock_block_dirty();
	const struct {
		const char *name;
		uint64_t pages;
	} images[] = {{"before", 0}, {"after", dirty}, {"cut", random_below(dirty + 1)}};

	if (cuts == count)
		return;
	for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
		char name[4096];

		snprintf(name, sizeof(name), "%s/%s-%llu", to, images[i].name,
		         (unsigned long long)cuts);
		mock_block_cut(images[i].pages, random_next(), name);
	}
	cuts++;
}

static int cut(const char *path)
{
	uint64_t root;

	mock_block_load(path);
	root = mount();
	model_start(root, block_size(), true);
	random_start(seed);
	ext2_sync_all();
	ext2_before_batch = cut_batch;
	while (cuts < count) {
		for (uint64_t k = 1 + random_below(40); k > 0; k--)
			model_operate();
		ext2_sync_all();
	}
	return 0;
}

/* ---- what an image has ---- */

#define DUMP_MAX 4096

static void dump_contents(uint64_t object, uint64_t size)
{
	uint8_t page[BLOCK_PAGE];

	for (uint64_t start = 0; start < size;) {
		struct ext2_request r = {.operation = EXT2_DO_MAP,
		                         .object = object,
		                         .offset = start,
		                         .size = BLOCK_PAGE};
		uint64_t hash = 0xcbf29ce484222325UL; /* FNV-1a */

		if (ext2_call(&r) != 0 || ext2_read_contents(object, start, page, BLOCK_PAGE) != 0)
			exit(1);
		if (r.run.hole && r.run.size >= BLOCK_PAGE) {
			start += r.run.size / BLOCK_PAGE * BLOCK_PAGE;
			continue;
		}
		for (unsigned int i = 0; i < BLOCK_PAGE; i++)
			hash = (hash ^ page[i]) * 0x100000001b3UL;
		printf(" %llu:%llx", (unsigned long long)start, (unsigned long long)hash);
		start += BLOCK_PAGE;
	}
}

static void dump_object(const char *name, const struct fs_attr *attr)
{
	char target[BLOCK_PAGE + 1] = "";
	struct ext2_request r = {.operation = EXT2_DO_READLINK,
	                         .object = attr->object,
	                         .buffer = target,
	                         .size = BLOCK_PAGE};

	if (S_ISLNK(attr->mode) && ext2_call(&r) < 0)
		exit(1);
	printf("%s %o %u %u %u %llu %s", name, attr->mode, attr->links, attr->uid, attr->gid,
	       (unsigned long long)attr->size, target);
	if (S_ISREG(attr->mode))
		dump_contents(attr->object, attr->size);
	printf("\n");
}

static int dump(const char *path)
{
	static uint64_t directories[DUMP_MAX] = {0};
	static char *names[DUMP_MAX];
	struct ext2_request r = {.operation = EXT2_DO_MOUNT, .flags = 1};
	unsigned int found = 1;

	mock_block_load(path);
	ext2_start();
	if (ext2_call(&r) != 0)
		return 1;
	directories[0] = r.attr.object;
	names[0] = strdup("");
	for (unsigned int at = 0; at < found; at++) {
		struct fs_entry entry;
		struct ext2_request list = {.operation = EXT2_DO_READDIR,
		                            .directory = directories[at],
		                            .buffer = &entry,
		                            .size = sizeof(entry)};
		long answer;

		while ((answer = ext2_call(&list)) == 1) {
			struct ext2_request look = {.operation = EXT2_DO_LOOKUP,
			                            .directory = directories[at],
			                            .name = entry.name};
			char *name = malloc(strlen(names[at]) + strlen(entry.name) + 2);

			list.offset = entry.cookie;
			sprintf(name, "%s/%s", names[at], entry.name);
			if (ext2_call(&look) != 0 || found == DUMP_MAX)
				return 1;
			dump_object(name, &look.attr);
			if (S_ISDIR(look.attr.mode)) {
				directories[found] = look.attr.object;
				names[found++] = name;
			}
		}
		if (answer != 0)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const char *path);
	} modes[] = {{"operate", operate}, {"spoil", spoil}, {"cut", cut}, {"dump", dump}};

	for (int i = 3; i < argc; i++) {
		if (strcmp(argv[i], "--user") == 0)
			user = true;
		else if (strcmp(argv[i], "--list") == 0)
			list = true;
		else if (i + 1 < argc && strcmp(argv[i], "--count") == 0)
			count = strtoull(argv[++i], NULL, 0);
		else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
			seed = strtoull(argv[++i], NULL, 0);
		else if (i + 1 < argc && strcmp(argv[i], "--to") == 0)
			to = argv[++i];
	}
	for (size_t i = 0; argc >= 3 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(argv[1], modes[i].name) == 0)
			return modes[i].run(argv[2]);
	fprintf(stderr,
	        "usage: %s operate|spoil|cut|dump IMAGE [--count N] [--seed S] [--user] [--list] "
	        "[--to DIRECTORY]\n",
	        argv[0]);
	return 2;
}
