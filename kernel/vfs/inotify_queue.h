/* SPDX-License-Identifier: MIT
 *
 * What an instance of inotify has to tell and nobody has read yet.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <aramid/lock.h>
#include <aramid/user.h>
#include <kernel/lib/list.h>
#include <kernel/sync/spinlock.h>
#include <kernel/sync/wait_queue.h>

struct inotify_queued;

struct inotify_queue {
	struct list events; /* the oldest first */
	uint32_t count;     /* of them; atomic for those who only look */
	uint32_t bytes;     /* that reading them gives; the same */
	/* In the list, or kept for when events are lost. */
	struct inotify_queued *overflow;
	struct wait_queue readers;
};

/* Of all watches and queues. */
extern struct spinlock inotify_lock;

/* 0 or -ENOMEM: then there is nothing to destroy but what destroying it allows for. */
int __must_check inotify_queue_create(struct inotify_queue *queue);
void inotify_queue_destroy(struct inotify_queue *queue) REQUIRES_LOCK(inotify_lock);

/* One event more, or the word that events were lost. name: NULL for none. */
void inotify_queue_add(struct inotify_queue *queue, int watch, uint32_t events, uint32_t cookie,
                       const char *name) REQUIRES_LOCK(inotify_lock);

/* The oldest event to the user: its bytes, 0 when there is none, -EINVAL when it does not fit,
 * -EFAULT. Takes the lock. */
long inotify_queue_read(struct inotify_queue *queue, void __user *buffer, uint64_t size) MAY_SLEEP;
