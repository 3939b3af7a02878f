/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int core_reset(int how);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, choice);
}

/*
 * check-name: it calls one that is
 * check-expect: nothing
 */
