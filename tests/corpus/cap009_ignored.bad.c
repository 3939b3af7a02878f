/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int queue_push(int number);

int block_write(CAP(block_access) cap, int number)
{
	(void)cap;
	return queue_push(number);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, choice);
}

/*
 * check-name: a privileged function ignores its token
 * check-expect: 9 CAP009
 */
