/* SPDX-License-Identifier: MIT
 *
 * Strings of argv and envp, copied out of the old image into kernel pages before
 * it goes. Bounded as execve(2) says: 128 KiB a string, a quarter of the stack for
 * all. For kernel/mm alone.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/user.h>

struct space_writer;

#define ARGUMENT_STRING_MAX (128UL << 10) /* MAX_ARG_STRLEN, with the NUL */
#define ARGUMENT_BYTES_MAX  (2UL << 20)   /* strings and the pointers to them */

/* A NULL-terminated array of strings: a program's, or the kernel's own. */
struct argument_source {
	const char __user *const __user *user;
	const char *const *core; /* used when not NULL */
};

struct exec_arguments;

/* Copies of both arrays: 0, -EFAULT, -E2BIG, -ENOMEM. A program without argv[0] gets "". */
int __must_check arguments_create(const struct argument_source *argv,
                                  const struct argument_source *envp,
                                  struct exec_arguments **arguments);
void arguments_free(struct exec_arguments *arguments);

/* #!: argv[0] gives way to these strings, in this order; optional may be NULL. 0,
 * -E2BIG or -ENOMEM. */
int __must_check arguments_replace_first(struct exec_arguments *arguments, const char *interpreter,
                                         const char *optional, const char *script);

uint64_t arguments_count(const struct exec_arguments *arguments);   /* argv */
uint64_t environment_count(const struct exec_arguments *arguments); /* envp */
/* Bytes of all strings with their NULs: argv's, then envp's. */
uint64_t arguments_size(const struct exec_arguments *arguments);

void arguments_write_strings(const struct exec_arguments *arguments, struct space_writer *writer);
/* argv and envp, each with its NULL, for strings that start at this address: how many bytes of them
 * are argv's. */
uint64_t arguments_write_pointers(const struct exec_arguments *arguments,
                                  struct space_writer *writer, uint64_t strings);

/* The first bytes of argv, at most size: how many there are. */
uint64_t arguments_copy(const struct exec_arguments *arguments, char *to, uint64_t size);
