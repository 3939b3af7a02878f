/* SPDX-License-Identifier: MIT
 *
 * One CPU: its per-CPU block, interrupts on and off, the time-stamp counter.
 * The block is reached through GS; the offsets that assembly and the stack
 * protector use are asserted in cpu.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>

struct thread;

#define MAX_CPUS       16
#define MAX_LOCKS_HELD 16

struct cpu {
	struct cpu *self;       /* gs:0x00 */
	struct thread *current; /* gs:0x08 */
	uint64_t kernel_stack;  /* gs:0x10: top of current's stack, for SYSCALL */
	uint64_t user_stack;    /* gs:0x18: SYSCALL's scratch for the user's rsp */
	uint64_t number;        /* gs:0x20: 0 is the boot CPU */
	uint64_t stack_canary;  /* gs:0x28 */
	uint64_t emergency_top; /* gs:0x30: stack for threads whose own is full */
	uint64_t trap_top;      /* gs:0x38: stack on which traps arrive */
	struct thread *idle;    /* runs when nothing else can */
	paddr_t page_table;     /* root that is loaded in CR3 */
	uint64_t ticks;         /* timer interrupts taken */
	uint32_t apic_id;
	uint32_t in_interrupt; /* depth of interrupt handlers */
	volatile bool online;
	volatile bool need_resched; /* set by wake-ups and the tick, read on the way out of traps */
	unsigned int locks_held;    /* spinlocks, innermost last: the order check */
	unsigned int order_base;    /* of those, the interrupted code's: no order towards them */
	const void *held[MAX_LOCKS_HELD];
};

extern struct cpu cpus[MAX_CPUS];
extern unsigned int cpu_count; /* CPUs that are online; fixed once pid 1 runs */

/* This CPU's block. The answer is stale as soon as the thread may migrate:
 * call with preemption or interrupts off. */
static inline struct cpu *this_cpu(void)
{
	struct cpu *cpu;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(cpu));
	return cpu;
}

/* The running thread; never stale. */
static inline struct thread *current_thread(void)
{
	struct thread *thread;

	__asm__("movq %%gs:8, %0" : "=r"(thread));
	return thread;
}

/* Disable interrupts; the answer goes to irq_restore(). */
static inline unsigned long irq_save(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	return flags;
}

static inline void irq_restore(unsigned long flags)
{
	if (flags & 0x200)
		__asm__ volatile("sti" : : : "memory");
}

static inline bool irq_enabled(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags));
	return flags & 0x200;
}

static inline void irq_enable(void)
{
	__asm__ volatile("sti" : : : "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" : : : "memory");
}

static inline void cpu_relax(void)
{
	__asm__ volatile("pause" : : : "memory");
}

/* Cycles since power-on; instructions under QEMU's -icount shift=0. */
static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}
