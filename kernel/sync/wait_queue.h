/* SPDX-License-Identifier: MIT
 *
 * Threads that wait for something to become true. The waker changes the state,
 * then wakes; the waiter queues itself, then looks: no wake-up is lost.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/context.h>
#include <kernel/lib/list.h>
#include <kernel/sync/spinlock.h>

struct thread;

struct wait_queue {
	struct spinlock lock; /* taken with interrupts off: interrupts wake */
	struct list waiters;
};

struct waiter {
	struct list link;
	struct thread *thread;
	struct wait_queue *queue;
	/* NULL, or this is no sleeping thread but a watch: it is told of each wake-up and stays on
	 * the queue. events: POLL* that may have come to hold. With the queue's lock, in any
	 * context; what it locks ranks behind wait queues. */
	void (*notify)(struct waiter *watch, uint32_t events);
};

#define WAIT_QUEUE_INIT(name)                                                                      \
	{.lock = SPINLOCK_INIT(wait_queue), .waiters = LIST_INIT((name).waiters)}
#define WAIT_FOREVER UINT64_MAX

enum wait_mode {
	WAIT_PLAIN,         /* only the condition or the deadline ends it */
	WAIT_INTERRUPTIBLE, /* a pending signal ends it too */
};

void wait_queue_init(struct wait_queue *queue);
/* The same for a queue that watches of other queues wake: the rank is behind theirs. */
void wait_queue_init_inner(struct wait_queue *queue, enum lock_rank rank);

/* The three steps of WAIT_UNTIL, for code that waits on several queues. */
void wait_begin(struct wait_queue *queue, struct waiter *waiter, enum wait_mode mode);
/* 0 woken (look again), -EINTR, -ETIMEDOUT. deadline: ns of time_now(). */
int wait_sleep(enum wait_mode mode, uint64_t deadline) MAY_SLEEP;
void wait_end(struct waiter *waiter);

/* From watch_begin on each wake-up of the queue calls notify, until watch_end has returned. */
void watch_begin(struct wait_queue *queue, struct waiter *watch,
                 void (*notify)(struct waiter *watch, uint32_t events));
void watch_end(struct waiter *watch);

/* Callable from interrupts. Watches hear that anything may hold, or only these POLL*. */
void wake_all(struct wait_queue *queue);
void wake_one(struct wait_queue *queue);
void wake_for(struct wait_queue *queue, uint32_t events);

/* Sleep until condition holds: 0, -EINTR or -ETIMEDOUT. The condition is
 * evaluated with the thread queued, so it must not sleep itself (it may take
 * spinlocks). */
#define WAIT_UNTIL(queue, condition, mode, deadline)                                               \
	({                                                                                         \
		struct waiter waiter_;                                                             \
		int result_ = 0;                                                                   \
		for (;;) {                                                                         \
			wait_begin((queue), &waiter_, (mode));                                     \
			if (condition) {                                                           \
				result_ = 0;                                                       \
				break;                                                             \
			}                                                                          \
			if (result_ != 0)                                                          \
				break;                                                             \
			result_ = wait_sleep((mode), (deadline));                                  \
			wait_end(&waiter_);                                                        \
		}                                                                                  \
		wait_end(&waiter_);                                                                \
		result_;                                                                           \
	})
