/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern int queued;
int queue_block(CAP(block_access) cap, int number);

static int count(int number)
{
	queued += number;
	return queued;
}

int queue_block(CAP(block_access) cap, int number)
{
	cap_validate(block_access, cap);
	number = count(number);
	return number;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: the helper comes behind
 * check-expect: nothing
 */
