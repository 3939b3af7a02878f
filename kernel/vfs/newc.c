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

/*@ requires \valid(reader);
    assigns reader->fault \from fault;
    ensures \result == NEWC_CORRUPT && reader->fault == fault; */
static enum newc_result corrupt(struct newc_reader *reader, const char *fault)
{
	reader->fault = fault;
	return NEWC_CORRUPT;
}

/*@ assigns \nothing;
    ensures -1 <= \result <= 15; */
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
/*@ requires \valid_read(header + (0 .. HEADER_SIZE - 1));
    requires \valid(fields + (0 .. FIELD_COUNT - 1));
    assigns fields[0 .. FIELD_COUNT - 1];
    ensures \result == 0 || \result == -1; */
static int parse_fields(const char *header, uint32_t *fields)
{
	const char *at = header + MAGIC_SIZE;

	/*@ loop invariant 0 <= i <= FIELD_COUNT;
	    loop invariant at == header + (MAGIC_SIZE + i * FIELD_DIGITS);
	    loop assigns i, at, fields[0 .. FIELD_COUNT - 1];
	    loop variant FIELD_COUNT - i; */
	for (unsigned int i = 0; i < FIELD_COUNT; i++) {
		uint32_t value = 0;

		/*@ loop invariant 0 <= j <= FIELD_DIGITS;
		    loop invariant at == header + (MAGIC_SIZE + i * FIELD_DIGITS + j);
		    loop invariant j == 0 ==> value == 0;
		    loop invariant j == 1 ==> value < 0x10;
		    loop invariant j == 2 ==> value < 0x100;
		    loop invariant j == 3 ==> value < 0x1000;
		    loop invariant j == 4 ==> value < 0x10000;
		    loop invariant j == 5 ==> value < 0x100000;
		    loop invariant j == 6 ==> value < 0x1000000;
		    loop invariant j == 7 ==> value < 0x10000000;
		    loop assigns j, at, value;
		    loop variant FIELD_DIGITS - j; */
		for (unsigned int j = 0; j < FIELD_DIGITS; j++) {
			int d = digit(*at++);

			if (d < 0)
				return -1;
			/*@ assert value < 0x10000000; */
			value = value << 4 | (uint32_t)d;
		}
		fields[i] = value;
	}
	return 0;
}

/*@ requires position <= NEWC_SIZE_MAX + 0x100000000;
    assigns \nothing;
    ensures position <= \result <= position + 3 && \result % 4 == 0; */
static uint64_t padded(uint64_t position)
{
	return (position + 3) & ~3UL;
}

/* Zeroes stand between archives and behind the last one. */
/*@ requires newc_sound(reader);
    assigns reader->position;
    ensures newc_sound(reader) && reader->position >= \old(reader->position);
    ensures reader->position < reader->size ==> reader->start[reader->position] != 0; */
static void skip_zeroes(struct newc_reader *reader)
{
	/*@ loop invariant newc_sound(reader);
	    loop invariant reader->position >= \at(reader->position, Pre);
	    loop assigns reader->position;
	    loop variant reader->size - reader->position; */
	while (reader->position < reader->size && reader->start[reader->position] == '\0')
		reader->position++;
}

/* Where the header's name and content lie, if they do. Sizes are below 2^32 and the position
 * is at most the size of RAM, so no sum here overflows. */
/*@ requires newc_sound(reader) && reader->size - reader->position >= HEADER_SIZE;
    requires \valid_read(fields + (0 .. FIELD_COUNT - 1)) && \valid(member);
    requires \separated(reader, member, fields + (0 .. FIELD_COUNT - 1));
    requires \separated(reader->start + (0 .. reader->size - 1), reader);
    requires \separated(reader->start + (0 .. reader->size - 1), member);
    assigns reader->position \from *reader, fields[0 ..];
    assigns reader->fault \from *reader, fields[0 ..];
    assigns member->name \from *reader;
    assigns member->content, member->size \from *reader, fields[0 ..];
    ensures newc_sound(reader);
    ensures \result == NEWC_MEMBER || \result == NEWC_CORRUPT;
    ensures \result == NEWC_MEMBER ==> reader->position > \old(reader->position);
    ensures \result == NEWC_CORRUPT ==> reader->position == \old(reader->position);
    ensures \result == NEWC_MEMBER ==> newc_lies_within(reader, member); */
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
	/*@ assert ends: ends_at(member->name, name_size - 1); */
	reader->position = padded(content + member->size);
	if (reader->position > reader->size)
		reader->position = reader->size;
	return NEWC_MEMBER;
}

enum newc_result newc_next(struct newc_reader *reader, struct newc_member *member)
{
	uint32_t fields[FIELD_COUNT];
	enum newc_result result;

	/*@ loop invariant newc_sound(reader);
	    loop invariant reader->position >= \at(reader->position, Pre);
	    loop assigns reader->position, reader->fault, fields[0 .. FIELD_COUNT - 1], result,
	      member->name, member->content, member->size;
	    loop variant reader->size - reader->position; */
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
		/*@ assert \exists integer end; ends_at(member->name, end); */
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
