/* SPDX-License-Identifier: MIT
 *
 * A sleeping lock: held across user copies, service calls and waits. Not
 * recursive. May sleep; never from interrupt context or under a spinlock.
 */
#pragma once

#include <aramid/context.h>
#include <aramid/lock.h>
#include <kernel/sync/wait_queue.h>

struct thread;

struct ARAMID_LOCKABLE("mutex") mutex {
	struct thread *owner; /* guarded by queue.lock; NULL when free */
	struct wait_queue queue;
};

#define MUTEX_INIT(name) {.queue = WAIT_QUEUE_INIT((name).queue)}

void mutex_init(struct mutex *mutex);
void mutex_lock(struct mutex *mutex) ACQUIRES_LOCK(mutex) MAY_SLEEP;
void mutex_unlock(struct mutex *mutex) RELEASES_LOCK(mutex);

/* Mutexes that any thread holds: the leak audit. */
uint64_t mutexes_held(void);
