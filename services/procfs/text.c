/* SPDX-License-Identifier: MIT
 *
 * Text into a bounded buffer.
 */
#include <stdarg.h>

#include <kernel/lib/string.h>
#include <services/procfs/procfs.h>

void procfs_print(struct procfs_text *text, const char *fmt, ...)
{
	size_t room = text->size - text->length;
	va_list args;
	int length;

	va_start(args, fmt);
	length = format_list(text->buffer + text->length, room, fmt, args);
	va_end(args);
	if (length > 0)
		text->length += (size_t)length < room ? (size_t)length : room;
}

void procfs_print_bytes(struct procfs_text *text, const char *bytes, size_t size)
{
	size_t room = text->size - text->length;

	if (size > room)
		size = room;
	memcpy(text->buffer + text->length, bytes, size);
	text->length += size;
}
