/* SPDX-License-Identifier: MIT
 *
 * A thread: what the scheduler switches between. Each has a kernel stack above
 * a guard page. A process's thread enters user mode; a kernel thread never does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/cpu.h>
#include <arch/page.h>
#include <arch/trap_frame.h>
#include <aramid/check.h>
#include <kernel/lib/list.h>

struct boundary_record;
struct process;
struct service;
struct task;

#define THREAD_STACK_PAGES 4
#define FPU_AREA_SIZE      2816 /* XSAVE area with AVX-512 state; checked at boot */

enum thread_state {
	THREAD_READY,    /* on a run queue, or running */
	THREAD_SLEEPING, /* until thread_wake */
	THREAD_DEAD,
};

struct thread {
	/* Assembly knows the offsets of the first three (boot_layout.h). */
	uint64_t stack_pointer;           /* saved rsp while not running */
	uint64_t stack_base;              /* lowest mapped byte of the kernel stack */
	struct boundary_record *boundary; /* innermost service call, or NULL */
	uint32_t preempt_disabled;        /* depth; the owner alone writes it */
	volatile uint32_t state;          /* enum thread_state; run queue lock */
	volatile bool running;            /* on a CPU right now: its stack is in use */
	bool interruptible;               /* a signal may end the sleep */
	uint32_t cpu;                     /* whose run queue it belongs to */
	uint32_t slice;                   /* ticks left before it yields */
	uint32_t turn;                    /* ticks that it gets each time */
	struct list run_link;             /* run queue */
	struct service *service;          /* that it is in; only without containment */
	struct process *process;          /* NULL for kernel threads */
	struct task *task;                /* the same */
	struct list *closing;             /* messages that its close takes along, or NULL */
	struct trap_frame *user_frame;    /* of the current entry from user mode */
	uint64_t fs_base;                 /* user's TLS; set by arch_prctl only */
	uint64_t user_ticks, kernel_ticks;
	const char *name;
	void (*entry)(void *argument);
	void *argument;
	uint8_t fpu[FPU_AREA_SIZE] __attribute__((aligned(64)));
};

/* A new sleeping thread that will call entry(argument) in the kernel; NULL when
 * memory is out. thread_start makes it runnable. The thread ends itself with
 * thread_exit; its stack and struct are freed by the scheduler afterwards. */
struct thread *thread_create(const char *name, void (*entry)(void *), void *argument);
void thread_start(struct thread *thread);
_Noreturn void thread_exit(void);

/* Make a sleeping thread runnable; nothing happens to any other. Any context. */
void thread_wake(struct thread *thread);
/* The same for a thread in an interruptible sleep only. */
void thread_interrupt(struct thread *thread);

/* Give up the CPU. Not under a spinlock. */
void schedule(void);
void thread_yield(void);

static inline void preempt_disable(void)
{
	current_thread()->preempt_disabled++;
	__asm__ volatile("" : : : "memory");
}

/* The switch that fell due while preemption was off, unless interrupts are off too. */
void preempt_now(void);

/* Preemption comes back; a switch that fell due meanwhile happens here. One that falls due from
 * here on is the interrupt's that asks for it, so a look at another CPU's flag does no harm. */
static inline void preempt_enable(void)
{
	__asm__ volatile("" : : : "memory");
	if (--current_thread()->preempt_disabled == 0 && this_cpu()->need_resched)
		preempt_now();
}

/* ---- arch/x86_64/thread.c ---- */

/* Enter user mode with these registers; the kernel stack starts over. */
_Noreturn void thread_enter_user(const struct trap_frame *frame);

/* The calling thread's FPU state into the child's area (fork). */
void thread_copy_fpu(struct thread *child);
/* Start values (exec), and TLS base 0. */
void thread_reset_fpu(void);
void thread_set_fs_base(uint64_t base);
