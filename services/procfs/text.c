/* SPDX-License-Identifier: MIT
 *
 * The part of a text that was asked for, into the reader's buffer.
 */
#include <stdarg.h>

#include <kernel/lib/string.h>
#include <services/procfs/procfs.h>

#define LINE_MAX 512

void procfs_print(struct procfs_text *text, const char *fmt, ...)
{
	char line[LINE_MAX];
	va_list args;
	int length;

	va_start(args, fmt);
	length = format_list(line, sizeof(line), fmt, args);
	va_end(args);
	if (length > 0)
		procfs_print_bytes(text, line,
		                   (size_t)length < sizeof(line) ? (size_t)length
		                                                 : sizeof(line) - 1);
}

void procfs_print_bytes(struct procfs_text *text, const char *bytes, size_t size)
{
	size_t skipped = text->skip < size ? (size_t)text->skip : size;
	size_t room = text->size - text->length;

	text->skip -= skipped;
	bytes += skipped;
	size -= skipped;
	if (size > room)
		size = room;
	memcpy(text->buffer + text->length, bytes, size);
	text->length += size;
}
