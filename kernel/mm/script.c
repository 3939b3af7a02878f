/* SPDX-License-Identifier: MIT */
#include <kernel/mm/script.h>

#include <stdbool.h>

#include <kernel/lib/errno.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* [from, to) of the line, terminated; the piece is shorter than the line. */
static void copy_piece(char *to, const char *line, unsigned int from, unsigned int end)
{
	unsigned int length = 0;

	for (unsigned int i = from; i < end; i++)
		to[length++] = line[i];
	to[length] = '\0';
}

int script_parse(const char *line, unsigned int size, struct script *script)
{
	unsigned int end = 2, start = 2, stop;

	if (size < 3 || line[0] != '#' || line[1] != '!')
		return -ENOEXEC;
	while (end < size && line[end] != '\n' && line[end] != '\0')
		end++;
	while (start < end && is_blank(line[start]))
		start++;
	stop = start;
	while (stop < end && !is_blank(line[stop]))
		stop++;
	/* A path that runs on behind what was read would be a wrong one. */
	if (stop == start || (stop == size && size == SCRIPT_LINE_MAX))
		return -ENOEXEC;
	copy_piece(script->interpreter, line, start, stop);
	while (stop < end && is_blank(line[stop]))
		stop++;
	while (end > stop && is_blank(line[end - 1]))
		end--;
	copy_piece(script->argument, line, stop, end);
	return 0;
}
