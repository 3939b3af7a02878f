/* SPDX-License-Identifier: MIT
 *
 * The crash dump.
 */
#include <stdbool.h>
#include <stdarg.h>

#include <arch/cpu.h>
#include <arch/machine.h>
#include <arch/registers.h>
#include <arch/unwind.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/string.h>
#include <kernel/log/crash.h>
#include <kernel/proc/process.h>
#include <kernel/sync/spinlock.h>

#define TRACE_MAX 24

static uint32_t crashing; /* the dump has begun; a second failure only halts */

static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *fmt, ...)
{
	char line[384];
	va_list args;

	va_start(args, fmt);
	format_list(line, sizeof(line), fmt, args);
	va_end(args);
	log_emergency(line);
}

static void say_registers(const struct trap_frame *f)
{
	say("rip %016lx rsp %016lx rflags %08lx vector %u error %lx", f->rip, f->rsp, f->rflags,
	    f->vector, f->error_code);
	say("rax %016lx rbx %016lx rcx %016lx rdx %016lx", f->rax, f->rbx, f->rcx, f->rdx);
	say("rsi %016lx rdi %016lx rbp %016lx r8  %016lx", f->rsi, f->rdi, f->rbp, f->r8);
	say("r9  %016lx r10 %016lx r11 %016lx r12 %016lx", f->r9, f->r10, f->r11, f->r12);
	say("r13 %016lx r14 %016lx r15 %016lx cr2 %016lx", f->r13, f->r14, f->r15, cr2_read());
}

static void say_backtrace(const struct trap_frame *frame)
{
	uint64_t trace[TRACE_MAX], offset = 0;
	unsigned int count = unwind_trace(frame, trace, TRACE_MAX);

	for (unsigned int i = 0; i < count; i++) {
		const char *name = symbol_name(trace[i], &offset);

		say("  %016lx %s+%lx", trace[i], name, offset);
	}
}

static void say_context(void)
{
	const struct thread *thread = current_thread();
	struct service *service = service_current();
	const struct cpu *cpu = this_cpu();

	say("cpu %lu thread %s pid %d service %s locks held %u", cpu->number, thread->name,
	    thread->process ? thread->process->id : 0, service ? service->name : "none",
	    cpu->locks_held);
	for (unsigned int i = 0; i < cpu->locks_held && i < MAX_LOCKS_HELD; i++)
		if (cpu->held[i])
			say("  lock at %lx, rank %u", (uint64_t)cpu->held[i],
			    ((const struct spinlock *)cpu->held[i])->rank);
}

_Noreturn void crash(const struct trap_frame *frame, const char *fmt, ...)
{
	char message[384];
	va_list args;

	irq_disable();
	if (__atomic_exchange_n(&crashing, 1, __ATOMIC_SEQ_CST))
		machine_halt();
	machine_stop_others();
	va_start(args, fmt);
	format_list(message, sizeof(message), fmt, args);
	va_end(args);
	say("kernel panic: %s", message);
	if (frame) {
		uint64_t offset = 0;
		const char *name = symbol_name(frame->rip, &offset);

		say("at %s+%lx", name, offset);
		say_registers(frame);
	}
	say_context();
	say_backtrace(frame);
	machine_halt();
}
