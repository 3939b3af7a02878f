/* SPDX-License-Identifier: MIT
 *
 * The newc reader. A header is 110 characters: the magic, then 13 fields of
 * eight hexadecimal digits. Name and content follow, each padded to 4 bytes.
 */
#include <kernel/lib/string.h>
#include <kernel/vfs/newc.h>

#define HEADER_SIZE  110u
#define MAGIC_SIZE   6u
#define FIELD_DIGITS 8u
#define TRAILER      "TRAILER!!!"

enum field {
	FIELD_INODE,
	FIELD_MODE,
	FIELD_UID,
	FIELD_GID,
	FIELD_LINKS,
	FIELD_MTIME,
	FIELD_FILE_SIZE,
	FIELD_MAJOR,
	FIELD_MINOR,
	FIELD_DEVICE_MAJOR,
	FIELD_DEVICE_MINOR,
	FIELD_NAME_SIZE,
	FIELD_CHECK,
	FIELD_COUNT
};

void newc_begin(struct newc_reader *reader, const void *start, uint64_t size)
{
	reader->start = start;
	reader->size = size;
	reader->position = 0;
	reader->fault = NULL;
}

static enum newc_result corrupt(struct newc_reader *reader, const char *fault)
{
	reader->fault = fault;
	return NEWC_CORRUPT;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* 0, or -1 when a character is no digit. */
static int parse_fields(const char *header, uint32_t *fields)
{
	const char *at = header + MAGIC_SIZE;

	for (unsigned int i = 0; i < FIELD_COUNT; i++) {
		uint32_t value = 0;

		for (unsigned int j = 0; j < FIELD_DIGITS; j++) {
			int d = digit(*at++);

			if (d < 0)
				return -1;
			value = value << 4 | (uint32_t)d;
		}
		fields[i] = value;
	}
	return 0;
}

static uint64_t padded(uint64_t position)
{
	return (position + 3) & ~3UL;
}

/* Zeroes stand between archives and behind the last one. */
static void skip_zeroes(struct newc_reader *reader)
{
	while (reader->position < reader->size && reader->start[reader->position] == '\0')
		reader->position++;
}

/* Where the header's name and content lie, if they do. Sizes are below 2^32 and the position
 * is at most the size of RAM, so no sum here overflows. */
static enum newc_result place(struct newc_reader *reader, const uint32_t *fields,
                              struct newc_member *member)
{
	uint64_t name = reader->position + HEADER_SIZE;
	uint64_t name_size = fields[FIELD_NAME_SIZE];
	uint64_t content;

	if (name_size < 2 || name_size > NEWC_NAME_MAX)
		return corrupt(reader, "a name's length is out of range");
	if (name_size > reader->size - name)
		return corrupt(reader, "the archive ends within a name");
	if (reader->start[name + name_size - 1] != '\0')
		return corrupt(reader, "a name does not end with NUL");
	content = padded(name + name_size);
	if (content > reader->size)
		content = reader->size; /* the padding of the last name may be cut off */
	if (fields[FIELD_FILE_SIZE] > reader->size - content)
		return corrupt(reader, "the archive ends within a file");
	member->name = reader->start + name;
	member->content = reader->start + content;
	member->size = fields[FIELD_FILE_SIZE];
	reader->position = padded(content + member->size);
	if (reader->position > reader->size)
		reader->position = reader->size;
	return NEWC_MEMBER;
}

enum newc_result newc_next(struct newc_reader *reader, struct newc_member *member)
{
	uint32_t fields[FIELD_COUNT];
	enum newc_result result;

	for (;;) {
		const char *header;

		skip_zeroes(reader);
		if (reader->position == reader->size)
			return NEWC_END;
		if (reader->size - reader->position < HEADER_SIZE)
			return corrupt(reader, "the archive ends within a header");
		header = reader->start + reader->position;
		if (memcmp(header, "070701", MAGIC_SIZE) != 0 &&
		    memcmp(header, "070702", MAGIC_SIZE) != 0)
			return corrupt(reader, "no newc header");
		if (parse_fields(header, fields) != 0)
			return corrupt(reader, "a header's field is not hexadecimal");
		result = place(reader, fields, member);
		if (result != NEWC_MEMBER)
			return result;
		if (strcmp(member->name, TRAILER) != 0)
			break;
	}
	member->inode = fields[FIELD_INODE];
	member->mode = fields[FIELD_MODE];
	member->uid = fields[FIELD_UID];
	member->gid = fields[FIELD_GID];
	member->links = fields[FIELD_LINKS];
	member->mtime = fields[FIELD_MTIME];
	member->device_major = fields[FIELD_DEVICE_MAJOR];
	member->device_minor = fields[FIELD_DEVICE_MINOR];
	return NEWC_MEMBER;
}
