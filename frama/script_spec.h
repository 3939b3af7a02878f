/* SPDX-License-Identifier: MIT
 *
 * What is proved of reading a script's first line, for any bytes: no access outside, and what is
 * taken from the line is the interpreter's name and all that follows it, whole and unchanged.
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/script.h>

/*@ predicate blank(char c) = c == ' ' || c == '\t';

    predicate all_blank(char *line, integer from, integer end) =
      \forall integer i; from <= i < end ==> blank(line[i]);
    predicate none_blank(char *line, integer from, integer end) =
      \forall integer i; from <= i < end ==> !blank(line[i]);

    // The line ends at the first newline or NUL behind the mark, or with what was read.
    predicate line_ends(char *line, integer size, integer end) =
      2 <= end <= size && (end == size || line[end] == '\n' || line[end] == 0) &&
      \forall integer i; 2 <= i < end ==> line[i] != '\n' && line[i] != 0;

    predicate is_piece(char *to, char *line, integer from, integer end) =
      to[end - from] == 0 && \forall integer i; 0 <= i < end - from ==> to[i] == line[from + i];

    predicate script_marked(char *line, integer size) =
      size >= 3 && line[0] == '#' && line[1] == '!';

    // Blanks, [start, stop) without a blank, blanks, [argument, last), blanks up to the end.
    predicate is_cut(char *line, integer start, integer stop, integer argument, integer last,
                     integer end) =
      2 <= start < stop <= argument <= last <= end &&
      all_blank(line, 2, start) && none_blank(line, start, stop) &&
      (stop == end || blank(line[stop])) && all_blank(line, stop, argument) &&
      (argument < last ==> !blank(line[argument]) && !blank(line[last - 1])) &&
      all_blank(line, last, end);

    predicate script_holds(struct script *script, char *line, integer size, integer start,
                           integer stop, integer argument, integer last, integer end) =
      line_ends(line, size, end) && is_cut(line, start, stop, argument, last, end) &&
      !(stop == size && size == SCRIPT_LINE_MAX) &&
      is_piece(&script->interpreter[0], line, start, stop) &&
      is_piece(&script->argument[0], line, argument, last); */

/*@ requires size <= SCRIPT_LINE_MAX && \valid_read(line + (0 .. size - 1));
    requires \valid(script) && \separated(script, line + (0 .. size - 1));
    assigns *script \from line[0 .. size - 1];
    ensures \result == 0 || \result == -ENOEXEC;
    ensures \result == 0 ==> script_marked(line, size);
    ensures \result == 0 ==>
      \exists integer start, integer stop, integer argument, integer last, integer end;
        script_holds(script, line, size, start, stop, argument, last, end);
    ensures \result != 0 && script_marked(line, size) ==>
      \exists integer end; line_ends(line, size, end) &&
        (all_blank(line, 2, end) ||
         (size == SCRIPT_LINE_MAX && end == size && \exists integer start; 2 <= start < size &&
          all_blank(line, 2, start) && none_blank(line, start, size))); */
int script_parse(const char *line, unsigned int size, struct script *script);
