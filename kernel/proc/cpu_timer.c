/* SPDX-License-Identifier: MIT
 *
 * Ticks are what CPU time is counted in, so that a timer that goes by it need be looked at in a
 * tick of its own process only.
 */
#include <kernel/proc/cpu_timer.h>
#include <kernel/proc/process.h>

static uint64_t ticks_of(const struct thread *thread, bool user_only)
{
	return thread->user_ticks + (user_only ? 0 : thread->kernel_ticks);
}

uint64_t cpu_time(const struct process *process, struct cpu_clock clock)
{
	uint64_t ticks = clock.task ? 0 : process->user_ticks;
	const struct task *task;

	if (!clock.task && !clock.user_only)
		ticks += process->kernel_ticks;
	task_for_each(task, process)
	{
		if (!clock.task || clock.task == task->id)
			ticks += ticks_of(task->thread, clock.user_only);
	}
	return ticks * NS_PER_TICK;
}

void cpu_timer_init(struct cpu_timer *timer, struct cpu_clock clock)
{
	list_init(&timer->link);
	timer->clock = clock;
}

void cpu_timer_set(struct cpu_timer *timer, struct process *process, uint64_t deadline,
                   void (*fire)(struct cpu_timer *timer))
{
	list_remove(&timer->link);
	timer->deadline = deadline;
	timer->fire = fire;
	list_add_tail(&process->cpu_timers, &timer->link);
}

void cpu_timer_unset(struct cpu_timer *timer)
{
	list_remove(&timer->link);
}

/* One that fires may set itself again, behind those that are still to be looked at; its deadline
 * is to come then. */
static void run_due(struct process *process)
{
	struct list *link, *scratch;

	list_for_each(link, scratch, &process->cpu_timers)
	{
		struct cpu_timer *timer = list_entry(link, struct cpu_timer, link);

		if (cpu_time(process, timer->clock) < timer->deadline)
			continue;
		list_remove(&timer->link);
		timer->fire(timer);
	}
}

void cpu_timers_tick(void)
{
	/* A thread leaves its process by itself, so the process is there in its tick. */
	struct process *process = current_thread()->process;
	unsigned long flags;

	if (!process || list_empty(&process->cpu_timers))
		return;
	flags = spin_lock_irq(&process_table_lock);
	run_due(process);
	spin_unlock_irq(&process_table_lock, flags);
}
