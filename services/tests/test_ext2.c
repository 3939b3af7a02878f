/* SPDX-License-Identifier: MIT
 *
 * ext2 against the mock core, on images that mke2fs makes: what the operations
 * do, what is refused, and that a call which falls at any point, or finds no
 * space, is as if it had never been made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>

#include <services/ext2/ext2.h>
#include <services/tests/ext2_calls.h>
#include <services/tests/mock_block.h>
#include <services/tests/mock_core.h>

#define SECOND 1000000000UL
#define NOW    (1750000000UL * SECOND + 123456789)

static char path[] = "/tmp/ext2-unit-XXXXXX";
static uint64_t root;

/* ---- an image, and calls ---- */

static void shell(const char *text)
{
	if (system(text) != 0) {
		fprintf(stderr, "failed: %s\n", text);
		abort();
	}
}

static void make_image(const char *options)
{
	char text[512];

	snprintf(text, sizeof(text),
	         "PATH=$PATH:/sbin:/usr/sbin mke2fs -q -F -t ext2 %s %s 2>/dev/null", path,
	         options);
	shell(text);
	mock_block_load(path);
	mock_time = NOW;
	ext2_start();
}

static void debugfs(const char *request)
{
	char text[512];

	mock_block_save(path);
	snprintf(text, sizeof(text),
	         "PATH=$PATH:/sbin:/usr/sbin debugfs -w -R '%s' %s >/dev/null 2>&1", request, path);
	shell(text);
	mock_block_load(path);
	ext2_start();
}

static long mount(uint32_t flags)
{
	struct ext2_request r = {.operation = EXT2_DO_MOUNT, .flags = flags};
	long error = ext2_call(&r);

	root = r.attr.object;
	return error;
}

static void start_on(const char *options)
{
	make_image(options);
	assert_int_equal(mount(0), 0);
}

static void assert_clean(void)
{
	char text[512];
	struct ext2_request r = {.operation = EXT2_DO_UNMOUNT};

	assert_int_equal(ext2_call(&r), 0);
	mock_block_save(path);
	/* A wrong free count alone does not show in how e2fsck exits. */
	snprintf(text, sizeof(text),
	         "PATH=$PATH:/sbin:/usr/sbin; found=$(e2fsck -fn %s 2>&1) && "
	         "! echo \"$found\" | grep '? no'",
	         path);
	assert_int_equal(system(text), 0);
}

static uint64_t make_owned(uint64_t directory, const char *name, uint32_t mode, uint32_t uid)
{
	struct ext2_request r = {.operation = EXT2_DO_CREATE,
	                         .directory = directory,
	                         .name = name,
	                         .new_name = "target",
	                         .new_object = {.mode = mode, .uid = uid}};

	assert_int_equal(ext2_call(&r), 0);
	return r.attr.object;
}

static uint64_t make(uint64_t directory, const char *name, uint32_t mode)
{
	return make_owned(directory, name, mode, 0);
}

static struct fs_attr attr_of(uint64_t object)
{
	struct ext2_request r = {.operation = EXT2_DO_GETATTR, .object = object};

	assert_int_equal(ext2_call(&r), 0);
	return r.attr;
}

static long unlink_name(uint64_t directory, const char *name, uint32_t flags)
{
	struct ext2_request r = {
	        .operation = EXT2_DO_UNLINK, .directory = directory, .name = name, .flags = flags};

	return ext2_call(&r);
}

static long release(uint64_t object)
{
	struct ext2_request r = {.operation = EXT2_DO_RELEASE, .object = object};

	return ext2_call(&r);
}

static long lookup(uint64_t directory, const char *name)
{
	struct ext2_request r = {.operation = EXT2_DO_LOOKUP, .directory = directory, .name = name};

	return ext2_call(&r);
}

static uint64_t blocks_free(void)
{
	struct ext2_request r = {.operation = EXT2_DO_STATFS};

	assert_int_equal(ext2_call(&r), 0);
	return r.statistics.blocks_free;
}

static struct ext2_superblock *superblock(void)
{
	return (struct ext2_superblock *)(void *)(mock_block_bytes() + EXT2_SUPERBLOCK_PLACE);
}

/* ---- features and states ---- */

static void a_feature_that_is_not_known_refuses_the_mount(void **state)
{
	(void)state;
	make_image("1M");
	superblock()->s_feature_incompat |= 0x40; /* extents */
	assert_int_equal(mount(0), -EOPNOTSUPP);
	assert_int_equal(mount(MS_RDONLY), -EOPNOTSUPP);
}

static void a_feature_that_only_writers_must_know_leaves_it_read_only(void **state)
{
	struct ext2_request r = {
	        .operation = EXT2_DO_CREATE, .name = "f", .new_object = {.mode = S_IFREG}};

	(void)state;
	make_image("1M");
	superblock()->s_feature_ro_compat |= 0x400; /* metadata_csum */
	assert_int_equal(mount(0), -EROFS);
	assert_int_equal(mount(MS_RDONLY), 0);
	r.directory = root;
	assert_int_equal(ext2_call(&r), -EROFS);
	assert_int_equal(lookup(root, "lost+found"), 0);
}

static void what_was_not_unmounted_is_mounted_read_only_alone(void **state)
{
	struct ext2_request unmount = {.operation = EXT2_DO_UNMOUNT, .flags = MS_RDONLY};

	(void)state;
	start_on("1M");
	ext2_start();
	assert_int_equal(mount(0), -EUCLEAN);
	assert_int_equal(mount(MS_RDONLY), 0);
	assert_int_equal(ext2_call(&unmount), 0);
	assert_int_equal(superblock()->s_state & EXT2_VALID_FS, 0);
}

static void what_is_no_ext2_is_said_to_be_none(void **state)
{
	(void)state;
	make_image("1M");
	superblock()->s_magic = 0;
	assert_int_equal(mount(0), -EINVAL);
}

static void a_list_of_orphans_is_worked_off_by_the_mount(void **state)
{
	uint64_t before, object;

	(void)state;
	start_on("2M -b 1024");
	before = blocks_free();
	object = make(root, "gone", S_IFREG);
	assert_int_equal(ext2_write_contents(object, 0, "text", 5), 0);
	assert_int_equal(unlink_name(root, "gone", 0), 0);
	superblock()->s_last_orphan = (uint32_t)object;
	superblock()->s_state |= EXT2_VALID_FS;
	debugfs("set_inode_field <12> dtime 0");
	assert_int_equal(mount(0), 0);
	assert_int_equal(superblock()->s_last_orphan, 0);
	assert_int_equal(blocks_free(), before);
	assert_clean();
}

/* ---- attributes ---- */

static void times_keep_their_nanoseconds_where_there_is_room(void **state)
{
	const uint64_t times[] = {NOW, 5, (1UL << 31) * SECOND + 7,
	                          (1UL << 32) * SECOND + 999999999};

	(void)state;
	for (unsigned int wide = 0; wide < 2; wide++) {
		start_on(wide ? "1M -I 256" : "1M -I 128");
		for (unsigned int i = 0; i < 4; i++) {
			struct ext2_request r = {.operation = EXT2_DO_SETATTR,
			                         .object = root,
			                         .flags = FS_SET_MTIME | FS_SET_ATIME,
			                         .attr = {.modify_time = times[i],
			                                  .access_time = times[i] + SECOND}};
			uint64_t whole = times[i] / SECOND;

			whole = (whole > INT32_MAX ? INT32_MAX : whole) * SECOND;
			assert_int_equal(ext2_call(&r), 0);
			assert_int_equal(attr_of(root).modify_time, wide ? times[i] : whole);
			if (wide)
				assert_int_equal(attr_of(root).access_time, times[i] + SECOND);
		}
		assert_clean();
	}
}

static void a_large_file_is_told_to_the_superblock(void **state)
{
	uint64_t object;

	(void)state;
	make_image("1M -b 4096 -O ^large_file");
	superblock()->s_feature_ro_compat &= ~EXT2_RO_COMPAT_LARGE_FILE;
	assert_int_equal(mount(0), 0);
	object = make(root, "large", S_IFREG | 0600);
	assert_int_equal(ext2_set_size(object, INT32_MAX), 0);
	assert_int_equal(superblock()->s_feature_ro_compat & EXT2_RO_COMPAT_LARGE_FILE, 0);
	assert_int_equal(ext2_set_size(object, 1UL + INT32_MAX), 0);
	assert_int_not_equal(superblock()->s_feature_ro_compat & EXT2_RO_COMPAT_LARGE_FILE, 0);
	assert_int_equal(ext2_set_size(object, 1UL << 60), -EFBIG);
	assert_int_equal(attr_of(object).size, 1UL + INT32_MAX);
	assert_clean();
}

static void flags_of_chattr_are_kept_to(void **state)
{
	struct ext2_request r = {.operation = EXT2_DO_SETATTR, .flags = FS_SET_MODE};
	uint64_t object;

	(void)state;
	start_on("1M");
	object = make(root, "fixed", S_IFREG | 0600);
	debugfs("set_inode_field fixed flags 0x10");
	r.object = object;
	assert_int_equal(ext2_call(&r), -EPERM);
	assert_int_equal(unlink_name(root, "fixed", 0), -EPERM);
	assert_int_equal(ext2_write_contents(object, 0, "x", 1), -EPERM);
	debugfs("set_inode_field fixed flags 0x20");
	assert_int_equal(ext2_write_contents(object, 0, "x", 1), 0);
	assert_int_equal(ext2_write_contents(object, 0, "x", 1), -EPERM);
	assert_int_equal(ext2_write_contents(object, 1, "x", 1), 0);
	assert_int_equal(unlink_name(root, "fixed", 0), -EPERM);
}

/* ---- files and directories ---- */

static void an_unlinked_file_lives_until_release(void **state)
{
	uint64_t object, before;
	char text[6];

	(void)state;
	start_on("1M");
	before = blocks_free();
	object = make(root, "f", S_IFREG | 0600);
	assert_int_equal(ext2_write_contents(object, 0, "hello", 6), 0);
	assert_int_equal(unlink_name(root, "f", 0), 0);
	assert_int_equal(lookup(root, "f"), -ENOENT);
	assert_int_equal(ext2_read_contents(object, 0, text, 6), 0);
	assert_string_equal(text, "hello");
	assert_int_equal(attr_of(object).links, 0);
	assert_int_equal(release(object), 0);
	assert_int_equal(blocks_free(), before);
	assert_clean();
}

static void what_was_freed_is_not_used_before_the_sync(void **state)
{
	uint64_t object, again;
	struct ext2_request map = {.operation = EXT2_DO_MAP, .size = 4096}, second = map;

	(void)state;
	start_on("1M");
	object = make(root, "f", S_IFREG | 0600);
	assert_int_equal(ext2_write_contents(object, 0, "x", 1), 0);
	map.object = object;
	assert_int_equal(ext2_call(&map), 0);
	assert_int_equal(unlink_name(root, "f", 0), 0);
	assert_int_equal(release(object), 0);
	again = make(root, "f", S_IFREG | 0600);
	assert_int_not_equal(again, object);
	assert_int_equal(ext2_write_contents(again, 0, "x", 1), 0);
	second.object = again;
	assert_int_equal(ext2_call(&second), 0);
	assert_int_not_equal(second.run.offset, map.run.offset);
	ext2_sync_all();
	assert_int_equal(make(root, "g", S_IFREG | 0600), object);
}

static void after_a_restart_nothing_is_given_out_before_the_sync(void **state)
{
	struct ext2_request again = {.operation = EXT2_DO_CREATE,
	                             .name = "again",
	                             .new_object = {.mode = S_IFREG | 0600}};
	struct ext2_request more = {.operation = EXT2_DO_EXTEND, .size = 4096};
	long result = 0;

	(void)state;
	start_on("1M");
	more.object = make(root, "file", S_IFREG | 0600);
	again.directory = root;
	ext2_start();
	/* One call each, without the core's sync for want of room. */
	assert_true(ext2_call_falling(&again, 0, &result));
	assert_int_equal(result, -ENOSPC);
	assert_true(ext2_call_falling(&more, 0, &result));
	assert_int_equal(result, -ENOSPC);
	ext2_sync_all();
	assert_true(ext2_call_falling(&again, 0, &result));
	assert_int_equal(result, 0);
	assert_true(ext2_call_falling(&more, 0, &result));
	assert_int_equal(result, 0);
	assert_clean();
}

static void the_last_blocks_are_roots(void **state)
{
	uint64_t user, mine, offset = 0;
	char page[4096] = {1};

	(void)state;
	start_on("1M -b 1024 -m 20");
	user = make_owned(root, "user", S_IFREG | 0600, 1000);
	mine = make(root, "mine", S_IFREG | 0600);
	while (ext2_write_contents(user, offset, page, sizeof(page)) == 0)
		offset += sizeof(page);
	assert_in_range(blocks_free(), superblock()->s_r_blocks_count,
	                superblock()->s_r_blocks_count + 8);
	assert_int_equal(ext2_write_contents(mine, 0, page, sizeof(page)), 0);
	assert_clean();
}

static void no_space_changes_nothing(void **state)
{
	uint64_t object;
	uint8_t *before;
	struct ext2_request r = {.operation = EXT2_DO_EXTEND, .size = 1UL << 30};
	long result = 0;

	(void)state;
	start_on("1M");
	object = make(root, "f", S_IFREG | 0600);
	r.object = object;
	before = malloc(mock_block_size());
	memcpy(before, mock_block_bytes(), mock_block_size());
	assert_true(ext2_call_falling(&r, 0, &result));
	assert_int_equal(result, -ENOSPC);
	assert_memory_equal(before, mock_block_bytes(), mock_block_size());
	free(before);
}

static void a_hash_tree_is_read_and_given_up_by_a_change(void **state)
{
	char name[200], text[512];
	unsigned int found = 0;
	struct fs_entry entries[5];
	struct ext2_request r = {
	        .operation = EXT2_DO_READDIR, .buffer = entries, .size = sizeof(entries)};
	uint64_t directory;
	long count;

	(void)state;
	start_on("2M -b 1024");
	directory = make(root, "d", S_IFDIR | 0755);
	for (unsigned int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "a-name-that-fills-a-block-before-long-%u", i);
		make(directory, name, S_IFREG);
	}
	assert_clean();
	/* e2fsck -D builds the tree. */
	snprintf(text, sizeof(text), "PATH=$PATH:/sbin:/usr/sbin e2fsck -fyD %s >/dev/null 2>&1",
	         path);
	assert_in_range(WEXITSTATUS(system(text)), 0, 1);
	mock_block_load(path);
	ext2_start();
	assert_int_equal(mount(0), 0);
	r.directory = directory;
	while ((count = ext2_call(&r)) > 0) {
		found += (unsigned int)count;
		r.offset = entries[count - 1].cookie;
	}
	assert_int_equal(found, 100);
	assert_int_equal(unlink_name(directory, name, 0), 0);
	make(directory, "another", S_IFREG);
	snprintf(text, sizeof(text),
	         "PATH=$PATH:/sbin:/usr/sbin; debugfs -R 'stat d' %s 2>/dev/null | "
	         "grep -q 'Flags: 0x0'",
	         path);
	mock_block_save(path);
	assert_int_equal(system(text), 0);
}

static void a_directory_does_not_move_into_itself(void **state)
{
	uint64_t outer, inner;
	struct ext2_request r = {.operation = EXT2_DO_RENAME, .name = "outer", .new_name = "x"};

	(void)state;
	start_on("1M");
	outer = make(root, "outer", S_IFDIR | 0755);
	inner = make(outer, "inner", S_IFDIR | 0755);
	r.directory = root;
	r.to = inner;
	assert_int_equal(ext2_call(&r), -EINVAL);
	r.name = "inner";
	r.directory = outer;
	r.to = root;
	assert_int_equal(ext2_call(&r), 0);
	assert_int_equal(unlink_name(root, "outer", AT_REMOVEDIR), 0);
	assert_int_equal(release(outer), 0);
	assert_clean();
}

static void a_circle_of_directories_is_an_error(void **state)
{
	uint64_t one, two;
	struct ext2_request r = {.operation = EXT2_DO_RENAME, .name = "other", .new_name = "x"};

	(void)state;
	start_on("1M");
	one = make(root, "one", S_IFDIR | 0755);
	two = make(one, "two", S_IFDIR | 0755);
	make(root, "other", S_IFDIR | 0755);
	debugfs("unlink one/..");
	debugfs("link one/two one/..");
	r.directory = root;
	r.to = two;
	assert_int_equal(ext2_call(&r), -EUCLEAN);
}

/* ---- the journal ---- */

static void a_journal_is_in_use_while_it_is_mounted_and_empty_behind_it(void **state)
{
	(void)state;
	start_on("8M -b 4096 -j");
	assert_int_not_equal(superblock()->s_feature_incompat & EXT2_INCOMPAT_RECOVER, 0);
	ext2_sync_all();
	make(root, "f", S_IFREG | 0600);
	ext2_sync_all();
	ext2_start();
	assert_int_equal(mount(0), -EUCLEAN);
	assert_clean();
	assert_int_equal(superblock()->s_feature_incompat & EXT2_INCOMPAT_RECOVER, 0);
	ext2_start();
	assert_int_equal(mount(0), 0);
}

static void a_restart_and_an_error_leave_the_log_right(void **state)
{
	struct ext2_request full = {.operation = EXT2_DO_EXTEND, .size = 1UL << 30};
	struct ext2_journal *journal = &ext2_state.file_systems[EXT2_DEVICES - 1].journal;
	uint32_t count;
	long result = 0;

	(void)state;
	start_on("8M -b 4096 -j");
	ext2_sync_all();
	full.object = make(root, "f", S_IFREG | 0600);
	assert_true(journal->ready);
	count = journal->count;
	assert_true(count > 2);
	assert_true(ext2_call_falling(&full, 0, &result));
	assert_int_equal(result, -ENOSPC);
	assert_int_equal(journal->count, count);
	ext2_start();
	assert_int_equal(lookup(root, "f"), 0);
	assert_true(journal->ready);
	assert_int_equal(journal->count, count);
	ext2_sync_all();
	assert_int_equal(journal->count, 0);
	assert_clean();
}

static void a_batch_that_is_too_large_goes_out_without_the_journal(void **state)
{
	struct ext2_journal *journal = &ext2_state.file_systems[EXT2_DEVICES - 1].journal;
	uint64_t object;

	(void)state;
	start_on("16M -b 4096 -J size=4");
	ext2_sync_all();
	object = make(root, "f", S_IFREG | 0600);
	/* An indirect block for each page. */
	for (uint64_t i = 0; i <= journal->room; i++)
		assert_int_equal(ext2_write_contents(object, (i << 22) + (1UL << 23), "x", 1), 0);
	assert_true(journal->count > journal->room);
	ext2_sync_all();
	assert_int_equal(journal->count, 0);
	make(root, "g", S_IFREG | 0600);
	assert_true(journal->count > 2);
	ext2_sync_all();
	assert_clean();
}

/* ---- falls ---- */

/* A file system with something of everything, for one call. */
static struct ext2_request prepare(unsigned int which)
{
	static const char slow[] = "a-text-that-is-too-long-to-lie-in-the-inode-of-a-symbolic-link";
	static char page[4096] = {1};
	struct ext2_request requests[] = {
	        {.operation = EXT2_DO_CREATE, .name = "n", .new_object = {.mode = S_IFREG}},
	        {.operation = EXT2_DO_CREATE, .name = "n", .new_object = {.mode = S_IFDIR}},
	        {.operation = EXT2_DO_CREATE,
	         .name = "n",
	         .new_name = slow,
	         .new_object = {.mode = S_IFLNK}},
	        {.operation = EXT2_DO_LINK, .name = "n"},
	        {.operation = EXT2_DO_UNLINK, .name = "f"},
	        {.operation = EXT2_DO_RENAME, .name = "f", .new_name = "g"},
	        {.operation = EXT2_DO_RENAME, .name = "d", .new_name = "e"},
	        {.operation = EXT2_DO_SETATTR, .flags = FS_SET_SIZE, .attr = {.size = 4097}},
	        {.operation = EXT2_DO_EXTEND, .offset = 300000, .size = 8192},
	        {.operation = EXT2_DO_RELEASE},
	        {.operation = EXT2_DO_UNMOUNT},
	};
	uint64_t file, gone;
	struct ext2_request r = requests[which];

	start_on("1M -b 1024");
	file = make(root, "f", S_IFREG | 0600);
	make(root, "d", S_IFDIR | 0755);
	make(root, "g", S_IFREG | 0600);
	gone = make(root, "gone", S_IFREG | 0600);
	for (uint64_t offset = 0; offset < 300000; offset += 100000) {
		assert_int_equal(ext2_write_contents(file, offset, page, sizeof(page)), 0);
		assert_int_equal(ext2_write_contents(gone, offset, page, sizeof(page)), 0);
	}
	assert_int_equal(unlink_name(root, "gone", 0), 0);
	ext2_sync_all();
	r.directory = root;
	r.object = r.operation == EXT2_DO_RELEASE ? gone : file;
	r.to = root;
	if (r.operation == EXT2_DO_RENAME && r.name[0] == 'd')
		r.to = make(root, "t", S_IFDIR | 0755);
	return r;
}

static void a_call_that_falls_anywhere_was_never_made(void **state)
{
	(void)state;
	for (unsigned int which = 0; which < 11; which++) {
		struct ext2_request first = prepare(which);
		uint64_t size = mock_block_size();
		uint8_t *before = malloc(size);
		unsigned int fall_at = 1;
		long result = 0;

		memcpy(before, mock_block_bytes(), size);
		for (;; fall_at++) {
			struct ext2_request r = first;

			if (ext2_call_falling(&r, fall_at, &result))
				break;
			assert_memory_equal(before, mock_block_bytes(), size);
			/* It has restarted: it gives nothing out before. */
			ext2_sync_all();
		}
		assert_int_equal(result, 0);
		assert_true(fall_at > 5);
		assert_memory_not_equal(before, mock_block_bytes(), size);
		free(before);
	}
}

static int make_place(void **state)
{
	(void)state;
	return mkstemp(path) < 0;
}

static int remove_place(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_feature_that_is_not_known_refuses_the_mount),
	        cmocka_unit_test(a_feature_that_only_writers_must_know_leaves_it_read_only),
	        cmocka_unit_test(what_was_not_unmounted_is_mounted_read_only_alone),
	        cmocka_unit_test(what_is_no_ext2_is_said_to_be_none),
	        cmocka_unit_test(a_list_of_orphans_is_worked_off_by_the_mount),
	        cmocka_unit_test(times_keep_their_nanoseconds_where_there_is_room),
	        cmocka_unit_test(a_large_file_is_told_to_the_superblock),
	        cmocka_unit_test(flags_of_chattr_are_kept_to),
	        cmocka_unit_test(an_unlinked_file_lives_until_release),
	        cmocka_unit_test(what_was_freed_is_not_used_before_the_sync),
	        cmocka_unit_test(after_a_restart_nothing_is_given_out_before_the_sync),
	        cmocka_unit_test(the_last_blocks_are_roots),
	        cmocka_unit_test(no_space_changes_nothing),
	        cmocka_unit_test(a_hash_tree_is_read_and_given_up_by_a_change),
	        cmocka_unit_test(a_directory_does_not_move_into_itself),
	        cmocka_unit_test(a_circle_of_directories_is_an_error),
	        cmocka_unit_test(a_journal_is_in_use_while_it_is_mounted_and_empty_behind_it),
	        cmocka_unit_test(a_restart_and_an_error_leave_the_log_right),
	        cmocka_unit_test(a_batch_that_is_too_large_goes_out_without_the_journal),
	        cmocka_unit_test(a_call_that_falls_anywhere_was_never_made),
	};

	return cmocka_run_group_tests_name("ext2", tests, make_place, remove_place);
}
