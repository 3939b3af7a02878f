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
#define SYSCALL_KIND(kind, type) SYSCALL_KIND_##kind,
#include <kernel/syscall/kinds.def>
};

struct trap_frame;

/* The registers that hold a call's arguments (System V ABI, A.2.1). */
#define SYSCALL_ARGUMENT_0 rdi
#define SYSCALL_ARGUMENT_1 rsi
#define SYSCALL_ARGUMENT_2 rdx
#define SYSCALL_ARGUMENT_3 r10
#define SYSCALL_ARGUMENT_4 r8
#define SYSCALL_ARGUMENT_5 r9

struct syscall {
	const char *name; /* NULL: no such call */
	long (*call)(const struct trap_frame *frame);
	uint8_t count;
	uint8_t kinds[6]; /* enum syscall_kind */
};

/* Whether the kernel was booted with trace-syscalls: 0 as long as nobody asked, else 1 + answer. */
extern int trace_answer;
int trace_ask(void);

static inline bool trace_is_on(void)
{
	return (trace_answer ? trace_answer : trace_ask()) == 2;
}

/* One call with a line in the log: before it for those that do not return, else behind. */
long trace_call(const struct syscall *syscall, unsigned int number, const struct trap_frame *frame);
