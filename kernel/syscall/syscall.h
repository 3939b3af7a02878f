/* SPDX-License-Identifier: MIT
 *
 * System calls: the way in, and the handlers that syscalls.def names.
 */
#pragma once

#include <stdint.h>

#include <aramid/user.h>

struct trap_frame;

/* Run the call that the user's registers ask for (number in error_code; arguments rdi rsi
 * rdx r10 r8 r9) and put its result into rax. Interrupts on; may sleep, may not return. */
long syscall_dispatch(struct trap_frame *frame);

/* C types of the kinds of argument. */
#define SYSCALL_KIND(kind, type) typedef type syscall_##kind;
#include <kernel/syscall/kinds.def>

#define SYSCALL0(name)                 long sys_##name(void);
#define SYSCALL1(name, k1, a1)         long sys_##name(syscall_##k1 a1);
#define SYSCALL2(name, k1, a1, k2, a2) long sys_##name(syscall_##k1 a1, syscall_##k2 a2);
#define SYSCALL3(name, k1, a1, k2, a2, k3, a3)                                                     \
	long sys_##name(syscall_##k1 a1, syscall_##k2 a2, syscall_##k3 a3);
#define SYSCALL4(name, k1, a1, k2, a2, k3, a3, k4, a4)                                             \
	long sys_##name(syscall_##k1 a1, syscall_##k2 a2, syscall_##k3 a3, syscall_##k4 a4);
#define SYSCALL5(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)                                     \
	long sys_##name(syscall_##k1 a1, syscall_##k2 a2, syscall_##k3 a3, syscall_##k4 a4,        \
	                syscall_##k5 a5);
#define SYSCALL6(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5, k6, a6)                             \
	long sys_##name(syscall_##k1 a1, syscall_##k2 a2, syscall_##k3 a3, syscall_##k4 a4,        \
	                syscall_##k5 a5, syscall_##k6 a6);
#include <kernel/syscall/syscalls.def>
#include <kernel/syscall/syscalls_end.h>
