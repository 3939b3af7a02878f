/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern int core_reset(int how) __attribute__((weak));

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return core_reset ? core_reset(choice) : 0;
}

/*
 * check-name: a service references a core function weakly
 * check-expect: 9 CAP006
 */
