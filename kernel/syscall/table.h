/* SPDX-License-Identifier: MIT
 *
 * The table that dispatch.c makes of syscalls.def, for it and for the tracing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <asm/unistd_64.h>

/* Younger than the headers of Debian 12. */
#ifndef __NR_fchmodat2
#define __NR_fchmodat2 452
#endif

#define SYSCALL_NUMBERS 512 /* more than Linux has on x86_64 */

enum syscall_kind {
	SYSCALL_KIND_FD,
	SYSCALL_KIND_PATH,
	SYSCALL_KIND_IN,
	SYSCALL_KIND_OUT,
	SYSCALL_KIND_INT,
	SYSCALL_KIND_LONG,
	SYSCALL_KIND_SIZE,
	SYSCALL_KIND_FLAGS,
	SYSCALL_KIND_MODE,
	SYSCALL_KIND_ADDRESS,
};

struct syscall {
	const char *name; /* NULL: no such call */
	long (*call)(const uint64_t *arguments);
	uint8_t count;
	uint8_t kinds[6]; /* enum syscall_kind */
};

/* Whether the kernel was booted with trace-syscalls. */
bool trace_is_on(void);

/* One call with a line in the log: before it for those that do not return, else behind. */
long trace_call(const struct syscall *syscall, unsigned int number, const uint64_t *arguments);
