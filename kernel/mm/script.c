/* SPDX-License-Identifier: MIT */
#include <kernel/mm/script.h>

#include <stdbool.h>

#include <kernel/lib/errno.h>

/*@ assigns \nothing;
    ensures \result <==> blank(c); */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* [from, end) of the line, terminated; the piece is shorter than the line. */
/*@ requires from <= end && end - from < SCRIPT_LINE_MAX;
    requires \valid_read(line + (from .. end - 1)) && \valid(to + (0 .. end - from));
    requires \separated(to + (0 .. end - from), line + (from .. end - 1));
    assigns to[0 .. end - from];
    ensures is_piece(to, line, from, end); */
static void copy_piece(char *to, const char *line, unsigned int from, unsigned int end)
{
	unsigned int length = 0;

	/*@ loop invariant from <= i <= end && length == i - from;
	    loop invariant \forall integer k; 0 <= k < length ==> to[k] == line[from + k];
	    loop assigns i, length, to[0 .. end - from - 1];
	    loop variant end - i; */
	for (unsigned int i = from; i < end; i++)
		to[length++] = line[i];
	to[length] = '\0';
}

int script_parse(const char *line, unsigned int size, struct script *script)
{
	unsigned int end = 2, start = 2, stop;

	if (size < 3 || line[0] != '#' || line[1] != '!')
		return -ENOEXEC;
	/*@ loop invariant 2 <= end <= size;
	    loop invariant \forall integer i; 2 <= i < end ==> line[i] != '\n' && line[i] != 0;
	    loop assigns end;
	    loop variant size - end; */
	while (end < size && line[end] != '\n' && line[end] != '\0')
		end++;
	/*@ ghost unsigned int line_end = end; */
	/*@ assert ends: line_ends(line, size, line_end); */
	/*@ loop invariant 2 <= start <= end && all_blank(line, 2, start);
	    loop assigns start;
	    loop variant end - start; */
	while (start < end && is_blank(line[start]))
		start++;
	stop = start;
	/*@ loop invariant start <= stop <= end && none_blank(line, start, stop);
	    loop assigns stop;
	    loop variant end - stop; */
	while (stop < end && !is_blank(line[stop]))
		stop++;
	/* A path that runs on behind what was read would be a wrong one. */
	if (stop == start || (stop == size && size == SCRIPT_LINE_MAX))
		return -ENOEXEC;
	copy_piece(script->interpreter, line, start, stop);
	/*@ ghost unsigned int word_end = stop; */
	/*@ loop invariant word_end <= stop <= end && all_blank(line, word_end, stop);
	    loop assigns stop;
	    loop variant end - stop; */
	while (stop < end && is_blank(line[stop]))
		stop++;
	/*@ loop invariant stop <= end <= line_end && all_blank(line, end, line_end);
	    loop assigns end;
	    loop variant end - stop; */
	while (end > stop && is_blank(line[end - 1]))
		end--;
	copy_piece(script->argument, line, stop, end);
	/*@ assert cut: is_cut(line, start, word_end, stop, end, line_end); */
	/*@ assert interpreter: is_piece(&script->interpreter[0], line, start, word_end); */
	/*@ assert argument: is_piece(&script->argument[0], line, stop, end); */
	/*@ assert ends: line_ends(line, size, line_end); */
	/*@ assert holds: script_holds(script, line, size, start, word_end, stop, end, line_end); */
	return 0;
}
