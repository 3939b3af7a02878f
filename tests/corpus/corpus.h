/* SPDX-License-Identifier: MIT
 *
 * What the programs of this corpus share: carriers that corpus.policy lists,
 * privileged functions, a lock and user memory.
 */
#pragma once

#include <aramid/cap.h>
#include <aramid/lock.h>
#include <aramid/user.h>

struct link {
	int unit;
	CAP(net_access) net;
};

struct machine {
	struct link link;
	CAP(block_access) block;
};

struct driver {
	int (*transmit)(CAP(net_access) cap, int frame);
	int (*raw)(int frame) FIELD_NEEDS_RIGHT(net_access);
};

int net_transmit(CAP(net_access) cap, int frame);
int block_write(CAP(block_access) cap, int block);
int block_fetch(CAP(block_read) cap, int block);
int link_send(struct link link, int frame);
int raw_transmit(int frame) NEEDS_RIGHT(net_access);
int copy_from_user(void *to, const void __user *from, unsigned long size);
void *memset(void *memory, int byte, size_t size);
void *find_symbol(const char *name);

struct ARAMID_LOCKABLE("lock") lock {
	int held;
};

void lock_take(struct lock *lock) ACQUIRES_LOCK(*lock);
void lock_drop(struct lock *lock) RELEASES_LOCK(*lock);

struct queue {
	struct lock lock;
	int length GUARDED_BY(&lock);
};

void queue_grow(struct queue *queue) REQUIRES_LOCK(queue->lock);

/* The entry point of each program. */
int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice);
