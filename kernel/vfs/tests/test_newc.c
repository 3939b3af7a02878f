/* SPDX-License-Identifier: MIT
 *
 * The initramfs reader on good, cut and broken archives. Each archive lies in a
 * heap block of exactly its size, so that the address sanitizer sees a read
 * outside of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <kernel/vfs/newc.h>

struct archive {
	char bytes[4096];
	size_t size;
};

static void pad(struct archive *archive)
{
	while (archive->size % 4)
		archive->bytes[archive->size++] = '\0';
}

static void add(struct archive *archive, const char *name, unsigned int mode, const char *content,
                size_t size)
{
	archive->size += (size_t)sprintf(
	        archive->bytes + archive->size,
	        "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 7, mode, 1, 2, 1,
	        1704067200, (unsigned int)size, 0, 0, 5, 1, (unsigned int)strlen(name) + 1, 0);
	memcpy(archive->bytes + archive->size, name, strlen(name) + 1);
	archive->size += strlen(name) + 1;
	pad(archive);
	memcpy(archive->bytes + archive->size, content, size);
	archive->size += size;
	pad(archive);
}

static struct archive example(void)
{
	struct archive archive = {.size = 0};

	add(&archive, "etc", 0040755, "", 0);
	add(&archive, "etc/motd", 0100644, "hello\n", 6);
	add(&archive, "TRAILER!!!", 0, "", 0);
	return archive;
}

/* Reads to the end: the last answer, and how many members came before. */
static enum newc_result read_all(const char *bytes, size_t size, unsigned int *members,
                                 struct newc_reader *reader)
{
	char *copy = malloc(size ? size : 1);
	struct newc_member member;
	enum newc_result result;

	memcpy(copy, bytes, size);
	*members = 0;
	newc_begin(reader, copy, size);
	while ((result = newc_next(reader, &member)) == NEWC_MEMBER) {
		/* What the member names can be read. */
		volatile size_t length = strlen(member.name);

		(void)length;
		for (uint64_t i = 0; i < member.size; i++)
			(void)*(volatile const char *)(member.content + i);
		(*members)++;
	}
	free(copy);
	return result;
}

static void members_come_with_their_fields(void **state)
{
	struct archive archive = example();
	struct newc_reader reader;
	struct newc_member member;

	(void)state;
	newc_begin(&reader, archive.bytes, archive.size);
	assert_int_equal(newc_next(&reader, &member), NEWC_MEMBER);
	assert_string_equal(member.name, "etc");
	assert_int_equal(member.mode, 0040755);
	assert_int_equal(newc_next(&reader, &member), NEWC_MEMBER);
	assert_string_equal(member.name, "etc/motd");
	assert_int_equal(member.size, 6);
	assert_memory_equal(member.content, "hello\n", 6);
	assert_int_equal(member.uid, 1);
	assert_int_equal(member.gid, 2);
	assert_int_equal(member.mtime, 1704067200);
	assert_int_equal(member.device_major, 5);
	assert_int_equal(member.device_minor, 1);
	assert_int_equal(newc_next(&reader, &member), NEWC_END);
}

static void archives_one_after_another_are_all_read(void **state)
{
	struct archive archive = example(), second = example();
	struct newc_reader reader;
	unsigned int members;

	(void)state;
	archive.size += 512; /* zeroes between them, as cpio pads */
	memcpy(archive.bytes + archive.size, second.bytes, second.size);
	archive.size += second.size;
	assert_int_equal(read_all(archive.bytes, archive.size, &members, &reader), NEWC_END);
	assert_int_equal(members, 4);
}

static void an_archive_that_is_cut_anywhere_is_never_read_past_its_end(void **state)
{
	struct archive archive = example();
	struct newc_reader reader;
	unsigned int members;

	(void)state;
	for (size_t size = 0; size < archive.size; size++)
		read_all(archive.bytes, size, &members, &reader);
}

static void a_cut_header_name_or_file_is_named(void **state)
{
	struct archive archive = example();
	struct newc_reader reader;
	unsigned int members;
	size_t second = 116; /* header 110, "etc" with NUL and padding 6 */

	(void)state;
	assert_int_equal(read_all(archive.bytes, 50, &members, &reader), NEWC_CORRUPT);
	assert_string_equal(reader.fault, "the archive ends within a header");
	assert_int_equal(read_all(archive.bytes, 112, &members, &reader), NEWC_CORRUPT);
	assert_string_equal(reader.fault, "the archive ends within a name");
	assert_int_equal(read_all(archive.bytes, second + 110 + 10 + 3, &members, &reader),
	                 NEWC_CORRUPT);
	assert_string_equal(reader.fault, "the archive ends within a file");
	assert_int_equal(members, 1);
}

static void every_changed_byte_of_a_header_is_read_safely(void **state)
{
	static const char values[] = {'\0', '0', '9', 'f', 'F', 'g', '/', '\xff'};
	struct newc_reader reader;
	unsigned int members;

	(void)state;
	for (size_t at = 0; at < example().size; at++)
		for (size_t i = 0; i < sizeof(values); i++) {
			struct archive archive = example();

			archive.bytes[at] = values[i];
			read_all(archive.bytes, archive.size, &members, &reader);
		}
}

static void what_is_no_archive_is_refused(void **state)
{
	struct newc_reader reader;
	unsigned int members;
	char text[200];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(read_all(text, sizeof(text), &members, &reader), NEWC_CORRUPT);
	assert_string_equal(reader.fault, "no newc header");
	memcpy(text, "070701", 6);
	assert_int_equal(read_all(text, sizeof(text), &members, &reader), NEWC_CORRUPT);
	assert_string_equal(reader.fault, "a header's field is not hexadecimal");
}

static void an_empty_archive_ends_at_once(void **state)
{
	struct newc_reader reader;
	unsigned int members;

	(void)state;
	assert_int_equal(read_all("", 0, &members, &reader), NEWC_END);
	assert_int_equal(read_all("\0\0\0\0", 4, &members, &reader), NEWC_END);
	assert_int_equal(members, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(members_come_with_their_fields),
	        cmocka_unit_test(archives_one_after_another_are_all_read),
	        cmocka_unit_test(an_archive_that_is_cut_anywhere_is_never_read_past_its_end),
	        cmocka_unit_test(a_cut_header_name_or_file_is_named),
	        cmocka_unit_test(every_changed_byte_of_a_header_is_read_safely),
	        cmocka_unit_test(what_is_no_archive_is_refused),
	        cmocka_unit_test(an_empty_archive_ends_at_once),
	};

	return cmocka_run_group_tests_name("newc", tests, NULL, NULL);
}
