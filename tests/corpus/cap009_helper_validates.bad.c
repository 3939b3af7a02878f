/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int queue_push(int number);
int queue_block(CAP(block_access) cap, int number);

static int is_refused(CAP(block_access) cap)
{
	return !cap_is_valid(block_access, cap);
}

int queue_block(CAP(block_access) cap, int number)
{
	number = queue_push(number);
	if (is_refused(cap))
		return -1;
	return number;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: a helper validates, after the effect
 * check-expect: 14 CAP009
 */
