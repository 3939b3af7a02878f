/* SPDX-License-Identifier: MIT
 *
 * tmpfs against the mock core: what the operations do, and that a call which
 * falls at any point is as if it had never been made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <services/tests/mock_core.h>
#include <services/tmpfs/tmpfs.h>

/* ---- calls, as the core makes them ---- */

enum operation { CREATE, LINK, UNLINK, RENAME, SETATTR, EXTEND, RELEASE };

struct request {
	enum operation operation;
	uint64_t directory, object, to;
	const char *name, *new_name;
	uint32_t mode, flags;
	uint64_t offset, size;
	struct fs_attr attr;
};

static long run(void *argument)
{
	struct request *r = argument;
	struct fs_new new = {.mode = r->mode, .uid = 1, .gid = 2};

	switch (r->operation) {
	case CREATE:
		return tmpfs_create(r->directory, r->name, &new, r->new_name, &r->attr);
	case LINK:
		return tmpfs_link(r->directory, r->name, r->object, &r->attr);
	case UNLINK:
		return tmpfs_unlink(r->directory, r->name, r->flags);
	case RENAME:
		return tmpfs_rename(r->directory, r->name, r->to, r->new_name, r->flags);
	case SETATTR:
		return tmpfs_setattr(r->object, &r->attr, r->flags);
	case EXTEND:
		return tmpfs_extend(r->object, r->offset, r->size, &r->attr);
	case RELEASE:
		return tmpfs_release(r->object);
	}
	return -EINVAL;
}

static long call(struct request *request)
{
	long result = 0;

	assert_true(mock_call(run, request, 0, &result));
	assert_int_equal(tmpfs_check(), 0);
	return result;
}

static uint64_t make(uint64_t directory, const char *name, uint32_t mode)
{
	struct request r = {.operation = CREATE,
	                    .directory = directory,
	                    .name = name,
	                    .mode = mode,
	                    .new_name = "target"};

	assert_int_equal(call(&r), 0);
	return r.attr.object;
}

static long rename_to(uint64_t directory, const char *name, uint64_t to, const char *new_name)
{
	struct request r = {.operation = RENAME,
	                    .directory = directory,
	                    .name = name,
	                    .to = to,
	                    .new_name = new_name};

	return call(&r);
}

static long unlink_name(uint64_t directory, const char *name, uint32_t flags)
{
	struct request r = {
	        .operation = UNLINK, .directory = directory, .name = name, .flags = flags};

	return call(&r);
}

static struct fs_attr stat_of(uint64_t object)
{
	struct fs_attr attr;

	assert_int_equal(tmpfs_getattr(object, &attr), 0);
	return attr;
}

static uint64_t find(uint64_t directory, const char *name)
{
	struct fs_attr attr;

	return tmpfs_lookup(directory, name, &attr) == 0 ? attr.object : 0;
}

/* ---- the whole tree as text ---- */

struct dump {
	char text[16384];
	size_t length;
};

static void dump_tree(struct dump *dump, uint64_t object, const char *name, int depth)
{
	struct fs_attr a = stat_of(object);
	struct fs_entry entry;
	uint64_t cookie = 0;

	dump->length += (size_t)snprintf(
	        dump->text + dump->length, sizeof(dump->text) - dump->length,
	        "%*s%s %llu mode %o links %u uid %u size %llu blocks %llu times %llu %llu\n", depth,
	        "", name, (unsigned long long)object, a.mode, a.links, a.uid,
	        (unsigned long long)a.size, (unsigned long long)a.blocks,
	        (unsigned long long)a.modify_time, (unsigned long long)a.change_time);
	if (!S_ISDIR(a.mode))
		return;
	while (tmpfs_readdir(object, cookie, &entry, sizeof(entry)) == 1) {
		char child[FS_NAME_MAX + 1];

		memcpy(child, entry.name, sizeof(child));
		cookie = entry.cookie;
		dump_tree(dump, entry.object, child, depth + 1);
	}
}

static void dump_all(struct dump *dump)
{
	struct fs_statistics statistics;

	memset(dump, 0, sizeof(*dump));
	dump_tree(dump, TMPFS_ROOT, "/", 0);
	tmpfs_statfs(1, &statistics);
	snprintf(dump->text + dump->length, sizeof(dump->text) - dump->length,
	         "free %llu %llu heap %llu\n", (unsigned long long)statistics.blocks_free,
	         (unsigned long long)statistics.files_free,
	         (unsigned long long)mock_heap_objects());
}

/* ---- each test starts with an empty file system ---- */

static int start(void **state)
{
	struct service_rights rights;

	(void)state;
	memset(&tmpfs_state, 0, sizeof(tmpfs_state));
	memset(&rights, 0, sizeof(rights));
	mock_time = 1000;
	return tmpfs_init(&rights);
}

static void a_new_directory_links_its_parent(void **state)
{
	uint64_t directory = make(TMPFS_ROOT, "d", S_IFDIR | 0755);

	(void)state;
	assert_int_equal(stat_of(directory).links, 2);
	assert_int_equal(stat_of(TMPFS_ROOT).links, 3);
	assert_int_equal(unlink_name(TMPFS_ROOT, "d", 0), -EISDIR);
	assert_int_equal(unlink_name(TMPFS_ROOT, "d", AT_REMOVEDIR), 0);
	assert_int_equal(stat_of(TMPFS_ROOT).links, 2);
}

static void a_directory_with_entries_stays(void **state)
{
	uint64_t directory = make(TMPFS_ROOT, "d", S_IFDIR | 0755);

	(void)state;
	make(directory, "f", S_IFREG | 0644);
	assert_int_equal(unlink_name(TMPFS_ROOT, "d", AT_REMOVEDIR), -ENOTEMPTY);
}

static void an_unlinked_file_lives_until_release(void **state)
{
	uint64_t before = mock_heap_objects(), file = make(TMPFS_ROOT, "f", S_IFREG | 0644);
	struct request extend = {.operation = EXTEND, .object = file, .size = 5000};
	struct request release = {.operation = RELEASE, .object = file};

	(void)state;
	assert_int_equal(call(&extend), 0);
	assert_int_equal(unlink_name(TMPFS_ROOT, "f", 0), 0);
	assert_int_equal(find(TMPFS_ROOT, "f"), 0);
	assert_int_equal(stat_of(file).links, 0);
	assert_int_equal(stat_of(file).size, 5000);
	assert_int_equal(mock_store_pages(), 2);
	assert_int_equal(call(&release), 0);
	assert_int_equal(mock_store_pages(), 0);
	assert_int_equal(mock_heap_objects(), before);
}

static void a_file_without_a_name_lives_until_release(void **state)
{
	uint64_t before = mock_heap_objects(), file = make(TMPFS_ROOT, NULL, S_IFREG | 0600);
	struct request extend = {.operation = EXTEND, .object = file, .size = 5000};
	struct request link = {
	        .operation = LINK, .directory = TMPFS_ROOT, .name = "f", .object = file};
	struct request release = {.operation = RELEASE, .object = file};
	struct request directory = {
	        .operation = CREATE, .directory = TMPFS_ROOT, .mode = S_IFDIR | 0700};

	(void)state;
	assert_int_equal(call(&extend), 0);
	assert_int_equal(stat_of(file).links, 0);
	assert_int_equal(stat_of(file).size, 5000);
	assert_int_equal(call(&release), 0);
	assert_int_equal(mock_store_pages(), 0);
	assert_int_equal(mock_heap_objects(), before);
	assert_int_equal(call(&directory), -EINVAL);
	assert_int_equal(call(&link), -ENOENT);
}

static void a_file_without_a_name_gets_its_first_once(void **state)
{
	uint64_t file = make(TMPFS_ROOT, NULL, S_IFREG | 0600);
	struct request link = {
	        .operation = LINK, .directory = TMPFS_ROOT, .name = "f", .object = file};
	struct request release = {.operation = RELEASE, .object = file};

	(void)state;
	assert_int_equal(call(&link), 0);
	assert_int_equal(link.attr.links, 1);
	assert_int_equal(call(&release), 0);
	assert_int_equal(find(TMPFS_ROOT, "f"), file);
	assert_int_equal(unlink_name(TMPFS_ROOT, "f", 0), 0);
	assert_int_equal(call(&link), -ENOENT);
}

static long exchange(uint64_t directory, const char *name, uint64_t other, const char *other_name)
{
	struct request r = {.operation = RENAME,
	                    .directory = directory,
	                    .name = name,
	                    .to = other,
	                    .new_name = other_name,
	                    .flags = RENAME_EXCHANGE};

	return call(&r);
}

static void exchanged_directories_know_where_they_lie(void **state)
{
	uint64_t a = make(TMPFS_ROOT, "a", S_IFDIR | 0755);
	uint64_t b = make(TMPFS_ROOT, "b", S_IFDIR | 0755);
	uint64_t below = make(a, "below", S_IFDIR | 0755);
	uint64_t file = make(b, "file", S_IFREG | 0644);

	(void)state;
	assert_int_equal(exchange(a, "below", b, "none"), -ENOENT);
	assert_int_equal(exchange(a, "below", TMPFS_ROOT, "a"), -EINVAL);
	assert_int_equal(exchange(TMPFS_ROOT, "a", a, "below"), -EINVAL);
	assert_int_equal(exchange(a, "below", b, "file"), 0);
	assert_int_equal(find(a, "below"), file);
	assert_int_equal(find(b, "file"), below);
	assert_int_equal(stat_of(a).links, 2);
	assert_int_equal(stat_of(b).links, 3);
	assert_int_equal(exchange(TMPFS_ROOT, "a", b, "file"), 0);
	assert_int_equal(find(b, "file"), a);
	assert_int_equal(find(TMPFS_ROOT, "a"), below);
}

static void release_of_a_file_with_a_name_does_nothing(void **state)
{
	uint64_t file = make(TMPFS_ROOT, "f", S_IFREG | 0644);
	struct request release = {.operation = RELEASE, .object = file};

	(void)state;
	assert_int_equal(call(&release), 0);
	assert_int_equal(find(TMPFS_ROOT, "f"), file);
}

static void a_hard_link_is_the_same_object(void **state)
{
	uint64_t file = make(TMPFS_ROOT, "f", S_IFREG | 0644);
	struct request link = {
	        .operation = LINK, .directory = TMPFS_ROOT, .name = "g", .object = file};

	(void)state;
	assert_int_equal(call(&link), 0);
	assert_int_equal(link.attr.links, 2);
	assert_int_equal(call(&link), -EEXIST);
	assert_int_equal(find(TMPFS_ROOT, "g"), file);
	assert_int_equal(rename_to(TMPFS_ROOT, "f", TMPFS_ROOT, "g"), 0);
	assert_int_equal(find(TMPFS_ROOT, "f"), file); /* two names of one object stay */
}

static void rename_replaces_a_file_in_one_step(void **state)
{
	uint64_t file = make(TMPFS_ROOT, "f", S_IFREG | 0644);
	uint64_t other = make(TMPFS_ROOT, "g", S_IFREG | 0644);

	(void)state;
	assert_int_equal(rename_to(TMPFS_ROOT, "f", TMPFS_ROOT, "g"), 0);
	assert_int_equal(find(TMPFS_ROOT, "g"), file);
	assert_int_equal(find(TMPFS_ROOT, "f"), 0);
	assert_int_equal(stat_of(other).links, 0);
}

static void a_directory_does_not_move_into_itself(void **state)
{
	uint64_t outer = make(TMPFS_ROOT, "outer", S_IFDIR | 0755);
	uint64_t inner = make(outer, "inner", S_IFDIR | 0755);

	(void)state;
	assert_int_equal(rename_to(TMPFS_ROOT, "outer", inner, "x"), -EINVAL);
	assert_int_equal(rename_to(TMPFS_ROOT, "outer", outer, "x"), -EINVAL);
	assert_int_equal(rename_to(outer, "inner", TMPFS_ROOT, "outer"), -ENOTEMPTY);
	assert_int_equal(rename_to(outer, "inner", TMPFS_ROOT, "inner"), 0);
	assert_int_equal(stat_of(outer).links, 2);
	assert_int_equal(stat_of(TMPFS_ROOT).links, 4);
}

static void a_directory_replaces_only_an_empty_one(void **state)
{
	uint64_t a = make(TMPFS_ROOT, "a", S_IFDIR | 0755),
	         b = make(TMPFS_ROOT, "b", S_IFDIR | 0755);

	(void)state;
	make(b, "f", S_IFREG | 0644);
	make(TMPFS_ROOT, "file", S_IFREG | 0644);
	assert_int_equal(rename_to(TMPFS_ROOT, "a", TMPFS_ROOT, "b"), -ENOTEMPTY);
	assert_int_equal(rename_to(TMPFS_ROOT, "a", TMPFS_ROOT, "file"), -ENOTDIR);
	assert_int_equal(rename_to(TMPFS_ROOT, "file", TMPFS_ROOT, "a"), -EISDIR);
	assert_int_equal(rename_to(TMPFS_ROOT, "b", TMPFS_ROOT, "a"), 0);
	assert_int_equal(find(TMPFS_ROOT, "a"), b);
	assert_int_equal(stat_of(a).links, 0);
}

static void reading_a_directory_survives_changes_between_batches(void **state)
{
	char name[16];
	struct fs_entry entries[3];
	uint64_t cookie;
	unsigned int seen = 0;

	(void)state;
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		make(TMPFS_ROOT, name, S_IFREG | 0644);
	}
	assert_int_equal(tmpfs_readdir(TMPFS_ROOT, 0, entries, sizeof(entries)), 3);
	assert_string_equal(entries[2].name, "f2");
	cookie = entries[2].cookie;
	assert_int_equal(unlink_name(TMPFS_ROOT, "f2", 0), 0);
	assert_int_equal(unlink_name(TMPFS_ROOT, "f3", 0), 0);
	for (long count;
	     (count = tmpfs_readdir(TMPFS_ROOT, cookie, entries, sizeof(entries))) > 0;) {
		cookie = entries[count - 1].cookie;
		seen += (unsigned int)count;
	}
	assert_int_equal(seen, 6);
}

static void pages_are_bounded(void **state)
{
	uint64_t file = make(TMPFS_ROOT, "f", S_IFREG | 0644);
	struct request extend = {.operation = EXTEND, .object = file, .size = 1000 * 4096};
	struct request more = {
	        .operation = EXTEND, .object = file, .offset = 1000 * 4096, .size = 1};
	struct request cut = {
	        .operation = SETATTR, .object = file, .flags = FS_SET_SIZE, .attr = {.size = 4096}};

	(void)state;
	assert_int_equal(call(&extend), 0);
	assert_int_equal(call(&more), -ENOSPC);
	assert_int_equal(stat_of(file).size, 1000 * 4096);
	assert_int_equal(call(&cut), 0);
	more.offset = 4096;
	assert_int_equal(call(&more), 0);
	assert_int_equal(stat_of(file).size, 4097);
}

static void a_full_heap_is_no_space_and_changes_nothing(void **state)
{
	static struct dump before, after;
	struct request requests[] = {
	        {.operation = CREATE,
	         .directory = TMPFS_ROOT,
	         .name = "n",
	         .mode = S_IFLNK | 0777,
	         .new_name = "target"},
	        {.operation = CREATE, .directory = TMPFS_ROOT, .name = "n", .mode = S_IFDIR | 0755},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		for (uint64_t left = 0; left < 2; left++) {
			dump_all(&before);
			mock_allocations_left = left;
			assert_int_equal(call(&requests[i]), -ENOSPC);
			mock_allocations_left = UINT64_MAX;
			dump_all(&after);
			assert_string_equal(after.text, before.text);
		}
}

/* Falls in the first core call, the second, and so on until the call comes through. */
static void fall_everywhere(struct request *request)
{
	static struct dump before, after;
	struct request kept = *request;
	long result = 0;
	unsigned int at = 1;

	dump_all(&before);
	mock_time += 1000;
	for (;; at++) {
		*request = kept;
		if (mock_call(run, request, at, &result))
			break;
		assert_int_equal(tmpfs_check(), 0);
		dump_all(&after);
		assert_string_equal(after.text, before.text);
	}
	assert_int_equal(result, 0);
	assert_int_equal(tmpfs_check(), 0);
	assert_true(at > 1);
}

static void a_call_that_falls_anywhere_was_never_made(void **state)
{
	uint64_t a = make(TMPFS_ROOT, "a", S_IFDIR | 0755),
	         b = make(TMPFS_ROOT, "b", S_IFDIR | 0755);
	uint64_t file = make(a, "file", S_IFREG | 0644);

	(void)state;
	make(a, "full", S_IFDIR | 0755);
	make(b, "empty", S_IFDIR | 0755);
	make(b, "other", S_IFREG | 0644);
	uint64_t nameless = make(a, NULL, S_IFREG | 0600);
	struct request requests[] = {
	        {.operation = CREATE, .directory = a, .name = "new", .mode = S_IFREG | 0600},
	        {.operation = CREATE, .directory = a, .name = "dir", .mode = S_IFDIR | 0700},
	        {.operation = CREATE,
	         .directory = b,
	         .name = "link",
	         .mode = S_IFLNK | 0777,
	         .new_name = "somewhere"},
	        {.operation = CREATE, .directory = a, .mode = S_IFREG | 0600},
	        {.operation = LINK, .directory = b, .name = "second", .object = file},
	        {.operation = EXTEND, .object = file, .offset = 0, .size = 4096},
	        {.operation = SETATTR,
	         .object = file,
	         .flags = FS_SET_MODE | FS_SET_UID,
	         .attr = {.mode = 0600, .uid = 7}},
	        {.operation = SETATTR, .object = file, .flags = FS_SET_SIZE},
	        {.operation = RENAME, .directory = a, .name = "file", .to = b, .new_name = "other"},
	        {.operation = RENAME, .directory = a, .name = "full", .to = b, .new_name = "empty"},
	        {.operation = RENAME, .directory = a, .name = "new", .to = a, .new_name = "newer"},
	        {.operation = RENAME,
	         .directory = a,
	         .name = "dir",
	         .to = b,
	         .new_name = "other",
	         .flags = RENAME_EXCHANGE},
	        {.operation = RENAME,
	         .directory = a,
	         .name = "dir",
	         .to = b,
	         .new_name = "other",
	         .flags = RENAME_EXCHANGE},
	        {.operation = LINK, .directory = b, .name = "third", .object = nameless},
	        {.operation = UNLINK, .directory = a, .name = "newer"},
	        {.operation = UNLINK, .directory = a, .name = "dir", .flags = AT_REMOVEDIR},
	};
	for (unsigned int i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		fall_everywhere(&requests[i]);
}

static void a_fall_in_release_loses_only_what_was_gone(void **state)
{
	uint64_t file = make(TMPFS_ROOT, "f", S_IFREG | 0644);
	struct request release = {.operation = RELEASE, .object = file};

	(void)state;
	assert_int_equal(unlink_name(TMPFS_ROOT, "f", 0), 0);
	fall_everywhere(&release);
	assert_null(tmpfs_inode_find(file));
}

static void the_check_sees_a_broken_count_list_and_parent(void **state)
{
	uint64_t directory = make(TMPFS_ROOT, "d", S_IFDIR | 0755);
	uint64_t file = make(directory, "f", S_IFREG | 0644);
	struct tmpfs_inode *inode = tmpfs_inode_find(file);
	struct tmpfs_inode *parent = tmpfs_inode_find(directory);
	struct tmpfs_entry *first = parent->first;

	(void)state;
	inode->links++;
	assert_int_not_equal(tmpfs_check(), 0);
	inode->links--;
	parent->first = NULL;
	assert_int_not_equal(tmpfs_check(), 0);
	parent->first = first;
	first->next = first;
	assert_int_not_equal(tmpfs_check(), 0);
	first->next = NULL;
	parent->parent = parent;
	assert_int_not_equal(tmpfs_check(), 0);
	parent->parent = tmpfs_state.root;
	assert_int_equal(tmpfs_check(), 0);
}

/* Breaks what is there in one way. */
struct tree {
	struct tmpfs_inode *root, *directory, *inode;
	struct tmpfs_entry *first, *second;
};

static void break_links(struct tree *t)
{
	t->inode->links = 7;
	t->directory->links = 0;
}

static void break_list(struct tree *t)
{
	t->directory->first = NULL;
}

static void break_order(struct tree *t)
{
	t->first->next = t->first;
	t->second->previous = NULL;
}

static void break_counts(struct tree *t)
{
	t->directory->entries = 9;
	tmpfs_state.entry_count = tmpfs_state.inode_count = tmpfs_state.pages_used = 77;
}

static void break_names(struct tree *t)
{
	(void)t;
	memset(tmpfs_state.names, 0, sizeof(tmpfs_state.names));
}

static void break_parent(struct tree *t)
{
	t->directory->parent = t->directory;
}

static void what_is_broken_is_mended_and_everything_found_again(void **state)
{
	static void (*const ways[])(struct tree *) = {break_links,  break_list,  break_order,
	                                              break_counts, break_names, break_parent};
	uint64_t directory = make(TMPFS_ROOT, "d", S_IFDIR | 0755);
	uint64_t file = make(directory, "f", S_IFREG | 0644);
	uint64_t other = make(directory, "g", S_IFREG | 0644);
	struct tree t = {tmpfs_state.root, tmpfs_inode_find(directory), tmpfs_inode_find(file),
	                 NULL, NULL};

	(void)state;
	t.first = t.directory->first;
	t.second = t.directory->last;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		uint64_t pages = tmpfs_state.pages_used, inodes = tmpfs_state.inode_count;

		ways[i](&t);
		assert_int_not_equal(tmpfs_check(), 0);
		assert_int_equal(tmpfs_recover(), 0);
		assert_ptr_equal(tmpfs_entry_find(t.directory, "f")->inode, t.inode);
		assert_int_equal(tmpfs_entry_find(t.directory, "g")->inode->object, other);
		assert_ptr_equal(t.directory->first, t.first);
		assert_ptr_equal(t.directory->last, t.second);
		assert_ptr_equal(t.directory->parent, t.root);
		assert_int_equal(t.directory->links, 2);
		assert_int_equal(t.inode->links, 1);
		assert_int_equal(tmpfs_state.pages_used, pages);
		assert_int_equal(tmpfs_state.inode_count, inodes);
	}
}

/* A look-up falls rather than say that the name is not there, and finds it when all is as it was.
 */
static void assert_hidden(struct request *request, char *flipped, char bits)
{
	long result = 0;

	*flipped ^= bits;
	assert_false(mock_call(run, request, 0, &result));
	*flipped ^= bits;
	assert_true(mock_call(run, request, 0, &result));
	assert_int_equal(result, -EEXIST);
}

static void what_a_flipped_bit_hides_is_not_said_to_be_gone(void **state)
{
	uint64_t directory = make(TMPFS_ROOT, "d", S_IFDIR | 0755);
	uint64_t file = make(directory, "file", S_IFREG | 0644);
	struct tmpfs_inode *parent = tmpfs_inode_find(directory);
	struct tmpfs_entry *entry = parent->first;
	struct request again = {
	        .operation = CREATE, .directory = directory, .name = "file", .mode = S_IFREG};
	struct request chmod = {.operation = SETATTR, .object = file, .flags = FS_SET_MODE};
	long result = 0;

	(void)state;
	for (unsigned int bit = 0; bit < 8; bit++)
		assert_hidden(&again, &entry->name[2], (char)(1 << bit));
	assert_hidden(&again, (char *)&parent->object + 1, 2);
	tmpfs_inode_find(file)->object ^= 1UL << 40;
	assert_false(mock_call(run, &chmod, 0, &result));
	tmpfs_inode_find(file ^ 1UL << 40)->object ^= 1UL << 40;
	entry->inode = (struct tmpfs_inode *)(void *)tmpfs_state.names;
	assert_false(mock_call(run, &again, 0, &result));
	entry->inode = tmpfs_inode_find(file);
	assert_int_equal(tmpfs_check(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup(a_new_directory_links_its_parent, start),
	        cmocka_unit_test_setup(a_directory_with_entries_stays, start),
	        cmocka_unit_test_setup(an_unlinked_file_lives_until_release, start),
	        cmocka_unit_test_setup(a_file_without_a_name_lives_until_release, start),
	        cmocka_unit_test_setup(a_file_without_a_name_gets_its_first_once, start),
	        cmocka_unit_test_setup(exchanged_directories_know_where_they_lie, start),
	        cmocka_unit_test_setup(release_of_a_file_with_a_name_does_nothing, start),
	        cmocka_unit_test_setup(a_hard_link_is_the_same_object, start),
	        cmocka_unit_test_setup(rename_replaces_a_file_in_one_step, start),
	        cmocka_unit_test_setup(a_directory_does_not_move_into_itself, start),
	        cmocka_unit_test_setup(a_directory_replaces_only_an_empty_one, start),
	        cmocka_unit_test_setup(reading_a_directory_survives_changes_between_batches, start),
	        cmocka_unit_test_setup(pages_are_bounded, start),
	        cmocka_unit_test_setup(a_full_heap_is_no_space_and_changes_nothing, start),
	        cmocka_unit_test_setup(a_call_that_falls_anywhere_was_never_made, start),
	        cmocka_unit_test_setup(a_fall_in_release_loses_only_what_was_gone, start),
	        cmocka_unit_test_setup(the_check_sees_a_broken_count_list_and_parent, start),
	        cmocka_unit_test_setup(what_is_broken_is_mended_and_everything_found_again, start),
	        cmocka_unit_test_setup(what_a_flipped_bit_hides_is_not_said_to_be_gone, start),
	};

	return cmocka_run_group_tests_name("tmpfs", tests, NULL, NULL);
}
