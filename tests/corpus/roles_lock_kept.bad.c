/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int grow(struct queue *queue, int choice)
{
	lock_take(&queue->lock);
	if (choice)
		queue_grow(queue);
	return choice;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct queue queue = {0};

	(void)net, (void)block, (void)machine, (void)choice;
	return grow(&queue, choice);
}

/*
 * check-name: a path leaves with the lock held
 * check-expect: 10 -Wthread-safety-analysis
 */
