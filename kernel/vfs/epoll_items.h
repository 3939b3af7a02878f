/* SPDX-License-Identifier: MIT
 *
 * What epolls are made of, for the files that know it; epoll.c says what is locked how.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/sync/mutex.h>
#include <kernel/sync/wait_queue.h>
#include <kernel/vfs/file.h>

#define EPOLL_BUCKETS   32u
#define EPOLL_NESTS_MAX 4u /* steps from epoll to epoll, as Linux */

struct epoll {
	struct mutex lock;
	struct list items[EPOLL_BUCKETS];
	uint32_t count;
	struct list ready;       /* poll_lock */
	struct list watchers;    /* items of other epolls on this one: poll_lock */
	struct wait_queue queue; /* threads that wait, or poll(2) this epoll */
};

struct epoll_item {
	struct list bucket, of_file;
	struct list ready;   /* in epoll->ready or in no list: poll_lock */
	struct list watcher; /* on another epoll */
	struct waiter watch; /* on any other file; its queue is NULL where nothing ever changes */
	struct epoll *epoll;
	struct file *file; /* no reference: it tells at its end (epoll_forget) */
	int descriptor;
	uint32_t events; /* atomic */
	uint64_t data;
};

/* The epoll behind a file; NULL: it is none. */
struct epoll *epoll_of(const struct file *file);

/* Whether an epoll may come to watch this file: 0, or -ELOOP (epoll_ctl(2)). With the registry's
 * lock. Does not sleep. */
long __must_check epoll_check_nesting(struct epoll *epoll, const struct file *target);
