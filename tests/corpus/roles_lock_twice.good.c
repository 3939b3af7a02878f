/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static void grow(struct queue *queue)
{
	lock_take(&queue->lock);
	queue_grow(queue);
	lock_drop(&queue->lock);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct queue queue = {0};

	(void)net, (void)block, (void)machine, (void)choice;
	grow(&queue);
	return 0;
}

/*
 * check-name: a lock is taken while it is held
 * check-expect: nothing
 */
