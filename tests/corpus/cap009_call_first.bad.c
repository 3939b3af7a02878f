/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int queue_push(int number);
int queue_block(CAP(block_access) cap, int number);

int queue_block(CAP(block_access) cap, int number)
{
	int result = queue_push(number);

	cap_validate(block_access, cap);
	return result;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: a privileged function calls out before it validates
 * check-expect: 9 CAP009
 */
