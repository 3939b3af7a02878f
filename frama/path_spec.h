/* SPDX-License-Identifier: MIT
 *
 * What is proved of cutting paths, for any text: no access outside, and the component is the next
 * run of the text without a slash, whole and unchanged.
 */
#include <kernel/lib/errno.h>
#include <kernel/vfs/path_split.h>

/* Where the text ends: nothing is assumed of it but what is_text says. */
/*@ axiomatic path { logic integer path_length; } */

/*@ predicate is_text(char *text, integer length) =
      0 <= length < 0x80000000 && \valid_read(text + (0 .. length)) && text[length] == 0 &&
      \forall integer i; 0 <= i < length ==> text[i] != 0;

    predicate all_slashes(char *text, integer from, integer end) =
      \forall integer i; from <= i < end ==> text[i] == '/';

    predicate same_name(char *text, integer start, integer length,
                        struct path_component *component) =
      \forall integer i; 0 <= i < length ==>
        component->name[i] == text[start + i] && text[start + i] != '/' && text[start + i] != 0;

    // Slashes, the name, and then a slash or the end.
    predicate is_cut(char *text, char *rest, integer start, integer length,
                     struct path_component *component) =
      0 <= start && 1 <= length <= PATH_NAME_MAX && start + length <= path_length &&
      rest == text + (start + length) && all_slashes(text, 0, start) &&
      same_name(text, start, length, component) && component->name[length] == 0 &&
      (text[start + length] == 0 || text[start + length] == '/') &&
      (component->trailing_slash != 0 <==> text[start + length] == '/') &&
      (component->last != 0 <==> all_slashes(text, start + length, path_length)); */

/*@ requires \valid(rest) && \valid(component) && \separated(rest, component);
    requires is_text(*rest, path_length);
    requires \separated(*rest + (0 .. path_length), component);
    requires \separated(*rest + (0 .. path_length), rest);
    assigns *rest \from *rest, (*rest)[0 .. path_length];
    assigns *component \from (*rest)[0 .. path_length];
    ensures \result == 1 || \result == 0 || \result == -ENAMETOOLONG;
    ensures \result != 1 ==> *rest == \old(*rest);
    ensures \result == 0 <==> all_slashes(\old(*rest), 0, path_length);
    ensures \result == 1 ==> \exists integer start, integer length;
      is_cut(\old(*rest), *rest, start, length, component); */
int path_next_component(const char **rest, struct path_component *component);
