/* SPDX-License-Identifier: MIT
 *
 * The scheduler's face to interrupts, boot and supervision. One run queue a CPU,
 * round robin, time slices in ticks; an idle CPU takes over waiting threads of
 * others.
 */
#pragma once

#include <stdbool.h>

#include <aramid/context.h>
#include <kernel/proc/thread.h>

#define SLICE_TICKS 5 /* 20 ms; more or less by a thread's priority */

/* The boot CPU's running context becomes its idle thread. Once, before any lock. */
void sched_init(void);

/* An idle thread for a CPU that is about to start; panics without memory. */
struct thread *sched_create_idle(struct cpu *cpu);

/* The idle loop of this CPU. */
_Noreturn void sched_run_idle(void);

/* One tick of the running thread. */
void sched_tick(bool from_user) IN_INTERRUPT;

/* Switch away from a thread that did not ask for it; its state stays as it is.
 * Interrupts off. */
void sched_preempt(void);

/* Pages of stacks that wait for their next thread: free memory, to the audit. */
uint64_t thread_spare_pages(void);

/* Figures for /proc/stat. */
uint64_t sched_switches(void);
uint64_t sched_idle_ticks(void);
uint32_t sched_running(void);
