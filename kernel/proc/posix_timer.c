/* SPDX-License-Identifier: MIT
 *
 * Which timers a process has. Ids are handed out in order, as Linux does.
 */
#include <asm/resource.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/time.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/posix_timer.h>
#include <kernel/proc/process.h>

struct posix_timer {
	struct list link; /* process->posix_timers */
	int32_t id;
	struct signal_timer timer;
};

/* With process_table_lock. */
static struct posix_timer *find(const struct process *process, int32_t id)
{
	const struct list *link;

	for (link = process->posix_timers.next; link != &process->posix_timers; link = link->next)
		if (list_entry(link, struct posix_timer, link)->id == id)
			return list_entry(link, struct posix_timer, link);
	return NULL;
}

long posix_timer_create(const struct signal_timer *event, bool own_value)
{
	struct process *self = current_process();
	struct posix_timer *new = heap_alloc(&core_heap, sizeof(*new));
	unsigned long flags;
	int32_t id;

	if (!new)
		return -EAGAIN;
	signal_timer_init(&new->timer, self, event->clock, event->cpu.clock);
	new->timer.number = event->number;
	new->timer.target = event->target;
	new->timer.origin = event->origin;
	flags = spin_lock_irq(&process_table_lock);
	if (self->posix_timer_count >= self->limits.of[RLIMIT_SIGPENDING].soft) {
		spin_unlock_irq(&process_table_lock, flags);
		heap_free(&core_heap, new);
		return -EAGAIN;
	}
	do {
		id = self->next_posix_timer;
		self->next_posix_timer = id < INT32_MAX ? id + 1 : 0;
	} while (find(self, id));
	new->id = id;
	new->timer.origin.code = SI_TIMER;
	new->timer.origin.sender = id;
	new->timer.origin.timer = &new->timer.signal;
	if (own_value)
		new->timer.origin.value = (uint64_t)id;
	list_add_tail(&self->posix_timers, &new->link);
	self->posix_timer_count++;
	spin_unlock_irq(&process_table_lock, flags);
	return id;
}

int posix_timer_set(int32_t id, const struct timer_setting *setting, struct timer_setting *old)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct posix_timer *timer = find(current_process(), id);

	if (timer)
		signal_timer_set(&timer->timer, setting, old);
	spin_unlock_irq(&process_table_lock, flags);
	return timer ? 0 : -EINVAL;
}

int posix_timer_get(int32_t id, struct timer_setting *left)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct posix_timer *timer = find(current_process(), id);

	if (timer)
		signal_timer_get(&timer->timer, left);
	spin_unlock_irq(&process_table_lock, flags);
	return timer ? 0 : -EINVAL;
}

long posix_timer_overrun(int32_t id)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct posix_timer *timer = find(current_process(), id);
	long overrun = timer ? (long)timer->timer.signal.last_overrun : -EINVAL;

	spin_unlock_irq(&process_table_lock, flags);
	return overrun;
}

/* With process_table_lock: nobody finds it any more. */
static void take_out(struct process *process, struct posix_timer *timer)
{
	list_remove(&timer->link);
	process->posix_timer_count--;
	signal_timer_stop(&timer->timer);
}

static void free_timer(struct posix_timer *timer)
{
	signal_timer_drain(&timer->timer);
	heap_free(&core_heap, timer);
}

int posix_timer_delete(int32_t id)
{
	struct process *self = current_process();
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct posix_timer *timer = find(self, id);

	if (timer)
		take_out(self, timer);
	spin_unlock_irq(&process_table_lock, flags);
	if (!timer)
		return -EINVAL;
	free_timer(timer);
	return 0;
}

void posix_timers_delete(struct process *process)
{
	for (;;) {
		unsigned long flags = spin_lock_irq(&process_table_lock);
		struct posix_timer *timer = NULL;

		if (!list_empty(&process->posix_timers)) {
			timer = list_entry(process->posix_timers.next, struct posix_timer, link);
			take_out(process, timer);
		}
		spin_unlock_irq(&process_table_lock, flags);
		if (!timer)
			return;
		free_timer(timer);
	}
}

void posix_timers_clock_was_set(void)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct process *process;
	struct list *link, *scratch;

	for (process = process_next(NULL); process; process = process_next(process))
		list_for_each(link, scratch, &process->posix_timers)
		{
			struct posix_timer *timer = list_entry(link, struct posix_timer, link);

			signal_timer_clock_was_set(&timer->timer);
		}
	spin_unlock_irq(&process_table_lock, flags);
}

void process_timers_init(struct process *process)
{
	/* By ITIMER_*. */
	static const struct {
		enum timer_clock clock;
		struct cpu_clock cpu;
		int number;
	} rows[INTERVAL_TIMERS] = {
	        [ITIMER_REAL] = {TIMER_MONOTONIC, {0, false}, SIGALRM},
	        [ITIMER_VIRTUAL] = {TIMER_CPU, {0, true}, SIGVTALRM},
	        [ITIMER_PROF] = {TIMER_CPU, {0, false}, SIGPROF},
	};

	list_init(&process->posix_timers);
	list_init(&process->cpu_timers);
	for (unsigned int i = 0; i < INTERVAL_TIMERS; i++) {
		struct signal_timer *timer = &process->interval_timers[i];

		signal_timer_init(timer, process, rows[i].clock, rows[i].cpu);
		timer->number = rows[i].number;
		timer->origin.code = SI_KERNEL;
	}
}

void process_timers_end(struct process *process)
{
	unsigned long flags;

	posix_timers_delete(process);
	flags = spin_lock_irq(&process_table_lock);
	for (unsigned int i = 0; i < INTERVAL_TIMERS; i++)
		signal_timer_stop(&process->interval_timers[i]);
	spin_unlock_irq(&process_table_lock, flags);
	for (unsigned int i = 0; i < INTERVAL_TIMERS; i++)
		signal_timer_drain(&process->interval_timers[i]);
}
