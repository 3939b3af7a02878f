/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int core_reset(int how);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return core_reset(choice);
}

/*
 * check-name: a service references a core function that is not offered to services
 * check-expect: 9 CAP006
 */
