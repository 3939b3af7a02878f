/* SPDX-License-Identifier: MIT
 *
 * One table of the flags that mean the same to Sparse as to the compiler. What it
 * does not list (code generation, warnings, the target) says nothing about where a
 * token comes from, and Sparse would stumble over some of it.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sparse_flags.h"

enum flag_use {
	KEEP_WITH_VALUE, /* -Ifolder or -I folder */
	KEEP_NEXT,       /* -include file */
	KEEP_ALONE,
	KEEP_JOINED, /* -std=... */
	DROP_NEXT,   /* -o file: its value is not a source */
};

/* A longer flag stands before one that it begins with. */
static const struct {
	const char *flag;
	enum flag_use use;
} table[] = {
        {"-include", KEEP_NEXT},
        {"-imacros", KEEP_NEXT},
        {"-isystem", KEEP_WITH_VALUE},
        {"-idirafter", KEEP_WITH_VALUE},
        {"-iquote", DROP_NEXT},
        {"-I", KEEP_WITH_VALUE},
        {"-D", KEEP_WITH_VALUE},
        {"-U", KEEP_WITH_VALUE},
        {"-std=", KEEP_JOINED},
        {"-nostdinc", KEEP_ALONE},
        {"-ffreestanding", KEEP_ALONE},
        {"-o", DROP_NEXT},
        {"-MF", DROP_NEXT},
        {"-MT", DROP_NEXT},
        {"-MQ", DROP_NEXT},
        {"-x", DROP_NEXT},
        {"-target", DROP_NEXT},
        {"-Xclang", DROP_NEXT},
        {"-mllvm", DROP_NEXT},
        {NULL, KEEP_ALONE},
};

/* What Sparse 0.6.4 lacks: the modes of GCC's unwind.h, a builtin of the unwinder, atomics
 * on an enumeration, complex numbers (a real one is as far from a token). Sparse writes
 * into its words. */
static char supplements[][64] = {
        "-D__unwind_word__=__word__",
        "-D__builtin_eh_return_data_regno(n)=(n)",
        "-D__atomic_load_n(p,order)=(*(p))",
        "-D__atomic_store_n(p,value,order)=((void)(*(p)=(value)))",
        "-D_Complex=",
};

/* Sparse searches the C library's headers first even for a freestanding file, and they
 * are not what the compiler reads: stdint.h and its like are the compiler's own, here
 * GCC's, since Clang's are beyond Sparse. The build names the folders. */
static char *const freestanding[] = {
        "-nostdinc",  "-isystem",   COMPILER_HEADERS, "-idirafter",
        ARCH_HEADERS, "-idirafter", "/usr/include",
};

static bool is_c_file(const char *word)
{
	const size_t length = strlen(word);

	return word[0] != '-' && length > 2 && !strcmp(word + length - 2, ".c");
}

/* How many words the flag takes: 0 when the table does not know it. */
static int look_up(const char *word, bool *keep)
{
	size_t i, length;

	for (i = 0; table[i].flag; i++) {
		length = strlen(table[i].flag);
		if (strncmp(word, table[i].flag, length))
			continue;
		*keep = table[i].use != DROP_NEXT;
		switch (table[i].use) {
		case KEEP_WITH_VALUE:
			return word[length] ? 1 : 2;
		case KEEP_NEXT:
		case DROP_NEXT:
			if (!word[length])
				return 2;
			break;
		case KEEP_ALONE:
			if (!word[length])
				return 1;
			break;
		case KEEP_JOINED:
			return 1;
		}
	}
	return 0;
}

static bool has_word(const char *wanted, int count, char **words)
{
	int i;

	for (i = 0; i < count; i++)
		if (!strcmp(words[i], wanted))
			return true;
	return false;
}

static void add(struct sparse_flags *flags, char *const *words, int count)
{
	memcpy(flags->args + flags->count, words, count * sizeof(*words));
	flags->count += count;
}

bool translate_flags(struct sparse_flags *flags, char *program, int count, char **words)
{
	const int supplement_count = sizeof(supplements) / sizeof(supplements[0]);
	const int freestanding_count = sizeof(freestanding) / sizeof(freestanding[0]);
	int i, taken;
	bool keep;

	*flags = (struct sparse_flags){.count = 0};
	flags->args =
	        calloc(count + supplement_count + freestanding_count + 3, sizeof(*flags->args));
	flags->sources = calloc(count + 1, sizeof(*flags->sources));
	if (!flags->args || !flags->sources)
		return false;
	add(flags, &program, 1);
	for (i = 0; i < supplement_count; i++)
		flags->args[flags->count++] = supplements[i];
	if (has_word("-ffreestanding", count, words) && !has_word("-nostdinc", count, words))
		add(flags, freestanding, freestanding_count);
	for (i = 0; i < count; i += taken) {
		if (is_c_file(words[i]))
			flags->sources[flags->source_count++] = words[i];
		taken = look_up(words[i], &keep);
		if (!taken)
			taken = 1;
		else if (keep)
			add(flags, words + i, i + taken <= count ? taken : count - i);
	}
	return true;
}
