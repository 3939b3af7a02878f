/* SPDX-License-Identifier: MIT
 *
 * A timer and its interrupt meet under process_table_lock: an interrupt that was under way when
 * the timer was set anew finds that it is not due.
 */
#include <kernel/proc/process.h>
#include <kernel/proc/signal_timer.h>

void signal_timer_init(struct signal_timer *timer, struct process *process, enum timer_clock clock,
                       struct cpu_clock cpu)
{
	timer->process = process;
	timer->clock = clock;
	cpu_timer_init(&timer->cpu, cpu);
	list_init(&timer->signal.queued.link);
}

static uint64_t reading(const struct signal_timer *timer)
{
	if (timer->clock == TIMER_CPU)
		return cpu_time(timer->process, timer->cpu.clock);
	return timer->by_wall ? time_wall() : time_now();
}

static void send(struct signal_timer *timer, uint64_t missed)
{
	struct signal_origin origin = timer->origin;
	struct task *task;

	origin.overrun = missed < INT32_MAX ? (int32_t)missed : INT32_MAX;
	if (timer->number == 0)
		return;
	if (timer->target == 0) {
		signal_send_held(timer->process, timer->number, &origin);
		return;
	}
	task = task_find(timer->target);
	if (task && task->process == timer->process)
		signal_send_task_held(task, timer->number, &origin);
}

static void start(struct signal_timer *timer);

/* What was missed is counted at once, so that a short interval costs one interrupt a tick. */
static void expire(struct signal_timer *timer)
{
	uint64_t now = reading(timer), missed = 0;

	if (timer->next == 0 || now < timer->next)
		return;
	if (timer->interval) {
		missed = (now - timer->next) / timer->interval;
		timer->next += (missed + 1) * timer->interval;
		start(timer);
	} else {
		timer->next = 0;
	}
	send(timer, missed);
}

static void fire(struct timer *timer)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);

	expire(list_entry(timer, struct signal_timer, timer));
	spin_unlock_irq(&process_table_lock, flags);
}

static void fire_cpu(struct cpu_timer *timer)
{
	expire(list_entry(timer, struct signal_timer, cpu));
}

static void start(struct signal_timer *timer)
{
	if (timer->clock == TIMER_CPU) {
		cpu_timer_set(&timer->cpu, timer->process, timer->next, fire_cpu);
	} else {
		uint64_t now = reading(timer);
		uint64_t wait = timer->next > now ? timer->next - now : 0;

		timer_set(&timer->timer, time_now() + wait, fire);
	}
}

static void stop(struct signal_timer *timer)
{
	timer->next = 0;
	timer_unset(&timer->timer);
	cpu_timer_unset(&timer->cpu);
}

void signal_timer_get(const struct signal_timer *timer, struct timer_setting *left)
{
	uint64_t now = reading(timer);

	*left = (struct timer_setting){.interval = timer->interval};
	/* One that is due but has not fired is not 0, which would mean off. */
	if (timer->next != 0)
		left->value = timer->next > now ? timer->next - now : 1;
}

void signal_timer_set(struct signal_timer *timer, const struct timer_setting *setting,
                      struct timer_setting *old)
{
	signal_timer_get(timer, old);
	signal_timer_stop(timer);
	timer->interval = setting->interval;
	timer->by_wall = setting->absolute && timer->clock == TIMER_WALL;
	if (setting->value == 0)
		return;
	timer->next = setting->value + (setting->absolute ? 0 : reading(timer));
	start(timer);
}

void signal_timer_clock_was_set(struct signal_timer *timer)
{
	if (timer->next != 0 && timer->by_wall)
		start(timer);
}

void signal_timer_stop(struct signal_timer *timer)
{
	stop(timer);
	if (timer->number)
		signal_withdraw(timer->process, timer->number, &timer->signal);
}

void signal_timer_drain(struct signal_timer *timer)
{
	timer_cancel(&timer->timer);
}
