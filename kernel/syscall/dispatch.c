/* SPDX-License-Identifier: MIT
 *
 * From a number to a handler.
 */
#include <asm/unistd_64.h>

#include <arch/trap_frame.h>
#include <kernel/lib/errno.h>
#include <kernel/log/log.h>
#include <kernel/proc/out_of_memory.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal.h>
#include <kernel/syscall/syscall.h>
#include <kernel/syscall/table.h>

/* An adapter a call: registers become arguments of the handler's types. */
#define AS(kind, i) (syscall_##kind) frame->SYSCALL_ARGUMENT_##i

#define SYSCALL0(name)                                                                             \
	static long call_##name(const struct trap_frame *frame)                                    \
	{                                                                                          \
		(void)frame;                                                                       \
		return sys_##name();                                                               \
	}
#define SYSCALL1(name, k1, a1)                                                                     \
	static long call_##name(const struct trap_frame *frame)                                    \
	{                                                                                          \
		return sys_##name(AS(k1, 0));                                                      \
	}
#define SYSCALL2(name, k1, a1, k2, a2)                                                             \
	static long call_##name(const struct trap_frame *frame)                                    \
	{                                                                                          \
		return sys_##name(AS(k1, 0), AS(k2, 1));                                           \
	}
#define SYSCALL3(name, k1, a1, k2, a2, k3, a3)                                                     \
	static long call_##name(const struct trap_frame *frame)                                    \
	{                                                                                          \
		return sys_##name(AS(k1, 0), AS(k2, 1), AS(k3, 2));                                \
	}
#define SYSCALL4(name, k1, a1, k2, a2, k3, a3, k4, a4)                                             \
	static long call_##name(const struct trap_frame *frame)                                    \
	{                                                                                          \
		return sys_##name(AS(k1, 0), AS(k2, 1), AS(k3, 2), AS(k4, 3));                     \
	}
#define SYSCALL5(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)                                     \
	static long call_##name(const struct trap_frame *frame)                                    \
	{                                                                                          \
		return sys_##name(AS(k1, 0), AS(k2, 1), AS(k3, 2), AS(k4, 3), AS(k5, 4));          \
	}
#define SYSCALL6(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5, k6, a6)                             \
	static long call_##name(const struct trap_frame *frame)                                    \
	{                                                                                          \
		return sys_##name(AS(k1, 0), AS(k2, 1), AS(k3, 2), AS(k4, 3), AS(k5, 4),           \
		                  AS(k6, 5));                                                      \
	}
#include <kernel/syscall/syscalls.def>
#include <kernel/syscall/syscalls_end.h>

#define KIND(kind)                             SYSCALL_KIND_##kind
#define ROW(name, count, ...)                  [__NR_##name] = {#name, call_##name, count, {__VA_ARGS__}},
#define SYSCALL0(name)                         ROW(name, 0, 0)
#define SYSCALL1(name, k1, a1)                 ROW(name, 1, KIND(k1))
#define SYSCALL2(name, k1, a1, k2, a2)         ROW(name, 2, KIND(k1), KIND(k2))
#define SYSCALL3(name, k1, a1, k2, a2, k3, a3) ROW(name, 3, KIND(k1), KIND(k2), KIND(k3))
#define SYSCALL4(name, k1, a1, k2, a2, k3, a3, k4, a4)                                             \
	ROW(name, 4, KIND(k1), KIND(k2), KIND(k3), KIND(k4))
#define SYSCALL5(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)                                     \
	ROW(name, 5, KIND(k1), KIND(k2), KIND(k3), KIND(k4), KIND(k5))
#define SYSCALL6(name, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5, k6, a6)                             \
	ROW(name, 6, KIND(k1), KIND(k2), KIND(k3), KIND(k4), KIND(k5), KIND(k6))

static const struct syscall syscalls[SYSCALL_NUMBERS] = {
#include <kernel/syscall/syscalls.def>
#include <kernel/syscall/syscalls_end.h>
};

static long refuse(uint64_t number)
{
	if (__builtin_expect(trace_is_on(), 0))
		log_line("%s called system call %lu, which is not there", current_process()->name,
		         number);
	return -ENOSYS;
}

static long carry_out(const struct syscall *syscall, uint64_t number, struct trap_frame *frame)
{
	if (__builtin_expect(trace_is_on(), 0))
		return trace_call(syscall, (unsigned int)number, frame);
	return syscall->call(frame);
}

long syscall_dispatch(struct trap_frame *frame)
{
	uint64_t number = frame->error_code;
	long result;

	if (number >= SYSCALL_NUMBERS || !syscalls[number].name) {
		result = refuse(number);
	} else {
		/* A call that answers -ENOMEM has done nothing, so that it can begin again. */
		do
			result = carry_out(&syscalls[number], number, frame);
		while (__builtin_expect(result == -ENOMEM, 0) && out_of_memory_relieve_call());
	}
	frame->rax = (uint64_t)result;
	/* The signal that ended the call may be gone by now (SIGCONT takes stops away, another
	 * task may have been quicker); a mask that was the call's ends with it all the same. */
	if ((result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK) ||
	    __builtin_expect(current_task()->signals.restore_mask, 0))
		signal_deliver(frame);
	return (long)frame->rax;
}
