/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern int queued;
int queue_block(CAP(block_access) cap, int number);

int queue_block(CAP(block_access) cap, int number)
{
	cap_validate(block_access, cap);
	queued = number;
	return 0;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: it validates first
 * check-expect: nothing
 */
