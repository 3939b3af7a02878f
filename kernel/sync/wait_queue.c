/* SPDX-License-Identifier: MIT
 *
 * Waiting and waking. A waiter is on the queue before it looks at its condition,
 * and its state says "sleeping" before it is on the queue: a waker that changed
 * the condition after the look finds it there.
 */
#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/sync/wait_queue.h>
#include <kernel/time/time.h>

void wait_queue_init(struct wait_queue *queue)
{
	spin_init(&queue->lock, LOCK_RANK_wait_queue);
	list_init(&queue->waiters);
}

void wait_queue_init_inner(struct wait_queue *queue, enum lock_rank rank)
{
	spin_init(&queue->lock, rank);
	list_init(&queue->waiters);
}

void wait_begin(struct wait_queue *queue, struct waiter *waiter, enum wait_mode mode)
{
	struct thread *thread = current_thread();
	unsigned long flags;

	waiter->thread = thread;
	waiter->queue = queue;
	waiter->notify = NULL;
	flags = spin_lock_irq(&queue->lock);
	thread->interruptible = mode == WAIT_INTERRUPTIBLE;
	thread->state = THREAD_SLEEPING;
	list_add_tail(&queue->waiters, &waiter->link);
	spin_unlock_irq(&queue->lock, flags);
}

void wait_end(struct waiter *waiter)
{
	unsigned long flags = spin_lock_irq(&waiter->queue->lock);

	list_remove(&waiter->link);
	waiter->thread->state = THREAD_READY;
	spin_unlock_irq(&waiter->queue->lock, flags);
}

struct sleep_timer {
	struct timer timer;
	struct thread *thread;
};

static void wake_sleeper(struct timer *timer)
{
	thread_wake(list_entry(timer, struct sleep_timer, timer)->thread);
}

int wait_sleep(enum wait_mode mode, uint64_t deadline)
{
	struct sleep_timer sleep = {.thread = current_thread()};

	if (mode == WAIT_INTERRUPTIBLE && signal_pending())
		return -EINTR;
	if (deadline == WAIT_FOREVER) {
		schedule();
	} else {
		if (time_now() >= deadline)
			return -ETIMEDOUT;
		timer_start(&sleep.timer, deadline, wake_sleeper);
		schedule();
		timer_cancel(&sleep.timer);
	}
	if (mode == WAIT_INTERRUPTIBLE && signal_pending())
		return -EINTR;
	return deadline != WAIT_FOREVER && time_now() >= deadline ? -ETIMEDOUT : 0;
}

void watch_begin(struct wait_queue *queue, struct waiter *watch,
                 void (*notify)(struct waiter *watch, uint32_t events))
{
	unsigned long flags;

	watch->thread = NULL;
	watch->queue = queue;
	watch->notify = notify;
	flags = spin_lock_irq(&queue->lock);
	/* In front of all threads, so that who wakes one of these passes every watch. */
	list_add_after(&queue->waiters, &watch->link);
	spin_unlock_irq(&queue->lock, flags);
}

void watch_end(struct waiter *watch)
{
	unsigned long flags = spin_lock_irq(&watch->queue->lock);

	list_remove(&watch->link);
	spin_unlock_irq(&watch->queue->lock, flags);
}

/* Tell the watches, take threads off and wake them: all, or the first one. */
static void wake(struct wait_queue *queue, uint32_t events, bool all)
{
	unsigned long flags = spin_lock_irq(&queue->lock);
	struct list *node, *next;

	list_for_each(node, next, &queue->waiters)
	{
		struct waiter *waiter = list_entry(node, struct waiter, link);

		if (waiter->notify) {
			waiter->notify(waiter, events);
			continue;
		}
		list_remove(&waiter->link);
		thread_wake(waiter->thread);
		if (!all)
			break;
	}
	spin_unlock_irq(&queue->lock, flags);
}

void wake_all(struct wait_queue *queue)
{
	wake(queue, UINT32_MAX, true);
}

void wake_one(struct wait_queue *queue)
{
	wake(queue, UINT32_MAX, false);
}

void wake_for(struct wait_queue *queue, uint32_t events)
{
	wake(queue, events, true);
}
