/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern struct lock device_lock;
/* The device's before the queue's. */
extern struct lock queue_lock ACQUIRED_AFTER(device_lock);

static void pump(void)
{
	lock_take(&device_lock);
	lock_take(&queue_lock);
	lock_drop(&queue_lock);
	lock_drop(&device_lock);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	pump();
	return 0;
}

/*
 * check-name: two locks are taken in the wrong order
 * check-expect: nothing
 */
