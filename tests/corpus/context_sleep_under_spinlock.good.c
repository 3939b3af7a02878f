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

int count(struct spinlock *lock, int choice)
{
	spin_lock(lock);
	spin_unlock(lock);
	choice = wait_for_frame(choice);
	return choice;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: a function that may sleep is called under a spinlock
 * check-expect: nothing
 */
