/* SPDX-License-Identifier: MIT
 *
 * Timers in one list sorted by deadline, run from the tick. A callback runs
 * without the lock, so that it may start timers and wake threads; cancelling waits
 * for one that is under way on another CPU.
 */
#include <stddef.h>

#include <arch/cpu.h>
#include <kernel/sync/spinlock.h>
#include <kernel/time/time.h>

static struct spinlock timer_lock = SPINLOCK_INIT(timer);
static struct timer *timers; /* soonest first */
static struct timer *firing[MAX_CPUS];

/* Lock held: out of the list; whether it was in it. */
static int unlink(struct timer *timer)
{
	int was_armed = timer->armed;

	for (struct timer **at = &timers; was_armed && *at; at = &(*at)->next)
		if (*at == timer) {
			*at = timer->next;
			break;
		}
	timer->armed = 0;
	return was_armed;
}

void timer_set(struct timer *timer, uint64_t deadline, void (*fire)(struct timer *))
{
	unsigned long flags = spin_lock_irq(&timer_lock);
	struct timer **at = &timers;

	unlink(timer);
	timer->deadline = deadline;
	timer->fire = fire;
	timer->armed = 1;
	while (*at && (*at)->deadline <= deadline)
		at = &(*at)->next;
	timer->next = *at;
	*at = timer;
	spin_unlock_irq(&timer_lock, flags);
}

void timer_unset(struct timer *timer)
{
	unsigned long flags = spin_lock_irq(&timer_lock);

	unlink(timer);
	spin_unlock_irq(&timer_lock, flags);
}

void timer_start(struct timer *timer, uint64_t deadline, void (*fire)(struct timer *))
{
	timer_cancel(timer);
	timer_set(timer, deadline, fire);
}

/* Lock held: whether another CPU is in this timer's callback. */
static int fires_elsewhere(const struct timer *timer)
{
	for (unsigned int i = 0; i < cpu_count; i++)
		if (firing[i] == timer && i != this_cpu()->number)
			return 1;
	return 0;
}

int timer_cancel(struct timer *timer)
{
	for (;;) {
		unsigned long flags = spin_lock_irq(&timer_lock);
		int busy = fires_elsewhere(timer), was_armed = unlink(timer);

		spin_unlock_irq(&timer_lock, flags);
		if (!busy)
			return was_armed;
		cpu_relax();
	}
}

void timers_run(uint64_t now)
{
	for (;;) {
		unsigned long flags = spin_lock_irq(&timer_lock);
		struct timer *timer = timers;

		if (!timer || timer->deadline > now) {
			spin_unlock_irq(&timer_lock, flags);
			return;
		}
		timers = timer->next;
		timer->armed = 0;
		firing[this_cpu()->number] = timer;
		spin_unlock_irq(&timer_lock, flags);
		timer->fire(timer);
		flags = spin_lock_irq(&timer_lock);
		firing[this_cpu()->number] = NULL;
		spin_unlock_irq(&timer_lock, flags);
	}
}
