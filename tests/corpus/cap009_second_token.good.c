/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int queue_push(int number);
int queue_block(CAP(block_access) cap, CAP(net_access) net, int number);

int queue_block(CAP(block_access) cap, CAP(net_access) net, int number)
{
	cap_validate(block_access, cap);
	cap_validate(net_access, net);
	number = queue_push(number);
	return number;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, net, choice);
}

/*
 * check-name: a function acts when the first of its two tokens is validated
 * check-expect: nothing
 */
