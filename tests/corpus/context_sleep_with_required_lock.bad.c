/* SPDX-License-Identifier: MIT */
#include <aramid/context.h>

#include "corpus.h"

struct ARAMID_LOCKABLE("spinlock") spinlock {
	int held;
};

void spin_lock(struct spinlock *lock) ACQUIRES_LOCK(lock);
void spin_unlock(struct spinlock *lock) RELEASES_LOCK(lock);
int wait_for_frame(int number) MAY_SLEEP;
int count(struct spinlock *lock, int choice);

struct counter {
	struct spinlock lock;
	int number;
};

int counter_next(struct counter *counter) REQUIRES_LOCK(counter->lock);

int counter_next(struct counter *counter)
{
	return wait_for_frame(7) + (counter ? 1 : 0);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: a function that wants a spinlock held may sleep
 * check-expect: 24 CTX001
 */
