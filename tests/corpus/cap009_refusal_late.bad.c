/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int queue_push(int number);
int queue_block(CAP(block_access) cap, int number);

int queue_block(CAP(block_access) cap, int number)
{
	int result = queue_push(number);

	return cap_is_valid(block_access, cap) ? result : -1;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: an effect comes before the token is asked for
 * check-expect: 9 CAP009
 */
