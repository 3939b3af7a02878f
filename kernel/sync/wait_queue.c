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

void wait_begin(struct wait_queue *queue, struct waiter *waiter, enum wait_mode mode)
{
	struct thread *thread = current_thread();
	unsigned long flags;

	waiter->thread = thread;
	waiter->queue = queue;
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

/* Queue locked: take the first waiter off and wake it. */
static void wake_first(struct wait_queue *queue)
{
	struct waiter *waiter = list_entry(queue->waiters.next, struct waiter, link);

	list_remove(&waiter->link);
	thread_wake(waiter->thread);
}

void wake_all(struct wait_queue *queue)
{
	unsigned long flags = spin_lock_irq(&queue->lock);

	while (!list_empty(&queue->waiters))
		wake_first(queue);
	spin_unlock_irq(&queue->lock, flags);
}

void wake_one(struct wait_queue *queue)
{
	unsigned long flags = spin_lock_irq(&queue->lock);

	if (!list_empty(&queue->waiters))
		wake_first(queue);
	spin_unlock_irq(&queue->lock, flags);
}
