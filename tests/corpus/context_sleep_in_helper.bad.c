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

static int next(int choice)
{
	return choice > 4 ? wait_for_frame(choice) : choice;
}

int count(struct spinlock *lock, int choice)
{
	spin_lock(lock);
	choice = next(choice);
	spin_unlock(lock);
	return choice;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: a helper may sleep, and its caller holds a spinlock
 * check-expect: 17 CTX001
 */
