/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int measure(struct queue *queue)
{
	int length;

	lock_take(&queue->lock);
	length = queue->length;
	lock_drop(&queue->lock);
	return length;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct queue queue = {0};

	(void)net, (void)block, (void)machine, (void)choice;
	return measure(&queue);
}

/*
 * check-name: a guarded field is read without its lock
 * check-expect: nothing
 */
