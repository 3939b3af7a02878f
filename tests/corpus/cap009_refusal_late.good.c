/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int queue_push(int number);
int queue_block(CAP(block_access) cap, int number);

int queue_block(CAP(block_access) cap, int number)
{
	return cap_is_valid(block_access, cap) ? queue_push(number) : -1;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: the token is asked for first
 * check-expect: nothing
 */
