/* SPDX-License-Identifier: MIT */
#include <aramid/context.h>

#include "../corpus.h"

struct ARAMID_LOCKABLE("spinlock") spinlock {
	int held;
};

void spin_lock(struct spinlock *lock) ACQUIRES_LOCK(lock);
void spin_unlock(struct spinlock *lock) RELEASES_LOCK(lock);
int wait_for_frame(int number) MAY_SLEEP;
int next(int choice);

int next(int choice)
{
	return choice > 4 ? choice - 1 : choice;
}
