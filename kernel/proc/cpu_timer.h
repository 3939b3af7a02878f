/* SPDX-License-Identifier: MIT
 *
 * CPU time of processes and tasks in ns, as fine as the tick, and timers that go by it. All with
 * process_table_lock, but the tick.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/context.h>
#include <kernel/lib/list.h>
#include <kernel/proc/process_info.h>

struct process;
struct task;

/* What a CPU clock counts. */
struct cpu_clock {
	process_id task; /* one task of the process, or 0: all, those that have ended too */
	bool user_only;  /* not what the kernel did for them */
};

/* 0 for a task that is not there. */
uint64_t cpu_time(const struct process *process, struct cpu_clock clock);

struct cpu_timer {
	struct list link; /* process->cpu_timers */
	struct cpu_clock clock;
	uint64_t deadline;
	void (*fire)(struct cpu_timer *timer); /* with process_table_lock, in an interrupt */
};

/* A zeroed timer needs its init before anything else. It fires once. */
void cpu_timer_init(struct cpu_timer *timer, struct cpu_clock clock);
void cpu_timer_set(struct cpu_timer *timer, struct process *process, uint64_t deadline,
                   void (*fire)(struct cpu_timer *timer));
void cpu_timer_unset(struct cpu_timer *timer);

/* A tick of the thread that runs: fires what its process has due. Without process_table_lock. */
void cpu_timers_tick(void) IN_INTERRUPT;
