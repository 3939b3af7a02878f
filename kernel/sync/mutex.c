/* SPDX-License-Identifier: MIT
 *
 * Sleeping locks: the owner is a word taken by compare-and-exchange; who fails
 * waits on the queue.
 */
#include <stddef.h>

#include <kernel/log/log.h>
#include <kernel/proc/thread.h>
#include <kernel/sync/mutex.h>

static int64_t held_count; /* over all threads: the leak audit */

void mutex_init(struct mutex *mutex)
{
	mutex->owner = NULL;
	wait_queue_init(&mutex->queue);
}

static bool try_take(struct mutex *mutex)
{
	struct thread *none = NULL;

	return __atomic_compare_exchange_n(&mutex->owner, &none, current_thread(), false,
	                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void mutex_lock(struct mutex *mutex) NO_LOCK_ANALYSIS("this is the lock")
{
	ASSERT(mutex->owner != current_thread());
	if (!try_take(mutex))
		WAIT_UNTIL(&mutex->queue, try_take(mutex), WAIT_PLAIN, WAIT_FOREVER);
	__atomic_fetch_add(&held_count, 1, __ATOMIC_RELAXED);
}

void mutex_unlock(struct mutex *mutex) NO_LOCK_ANALYSIS("this is the lock")
{
	ASSERT(mutex->owner == current_thread());
	__atomic_fetch_sub(&held_count, 1, __ATOMIC_RELAXED);
	__atomic_store_n(&mutex->owner, NULL, __ATOMIC_SEQ_CST);
	if (!list_empty(&mutex->queue.waiters))
		wake_one(&mutex->queue);
}

uint64_t mutexes_held(void)
{
	return (uint64_t)__atomic_load_n(&held_count, __ATOMIC_RELAXED);
}
