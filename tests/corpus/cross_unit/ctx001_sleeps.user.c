/* SPDX-License-Identifier: MIT */
#include <aramid/context.h>

#include "../corpus.h"

struct ARAMID_LOCKABLE("spinlock") spinlock {
	int held;
};

void spin_lock(struct spinlock *lock) ACQUIRES_LOCK(lock);
void spin_unlock(struct spinlock *lock) RELEASES_LOCK(lock);
int wait_for_frame(int number) MAY_SLEEP;
int count(struct spinlock *lock, int choice);
int next(int choice);

int count(struct spinlock *lock, int choice)
{
	spin_lock(lock);
	choice = next(choice);
	spin_unlock(lock);
	return choice;
}

/*
 * check-name: the other file's function may sleep, and its caller holds a spinlock
 */
