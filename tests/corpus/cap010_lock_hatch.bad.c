/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int probe(struct queue *queue) NO_LOCK_ANALYSIS("");

int probe(struct queue *queue)
{
	return queue->length;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct queue queue = {.lock = {0}};

	(void)net, (void)block, (void)machine, (void)choice;
	return probe(&queue);
}

/*
 * check-name: a function is let off the analysis of locks without a reason
 * check-expect: 4 CAP010
 */
