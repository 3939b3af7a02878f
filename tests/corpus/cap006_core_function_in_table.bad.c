/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int core_reset(int how);

static int (*const table[])(int) = {core_reset};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return table[choice](choice);
}

/*
 * check-name: a table holds a core function that is not offered to services
 * check-expect: 6 CAP006
 */
