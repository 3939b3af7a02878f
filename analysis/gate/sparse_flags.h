/* SPDX-License-Identifier: MIT
 *
 * The part of a compile command that Sparse understands. The checkers take their
 * flags from the real command, so that they read what the compiler reads.
 */
#pragma once

#include <stdbool.h>

struct sparse_flags {
	char **args; /* args[0] is PROGRAM; room for one more word and the NULL */
	int count;
	char **sources; /* the .c files, in order */
	int source_count;
};

/* Splits WORDS (a compile command without the compiler's name) into what Sparse is
 * given and the C files; all else is dropped. The words are not copied. Returns
 * false when memory is short. */
bool translate_flags(struct sparse_flags *flags, char *program, int count, char **words);
