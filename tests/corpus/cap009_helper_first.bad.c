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
	number = count(number);
	cap_validate(block_access, cap);
	return number;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: a helper of a privileged function writes before it validates
 * check-expect: 9 CAP009
 */
