/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int core_reset(int how) __attribute__((weak));

int core_reset(int how)
{
	return how;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return core_reset ? core_reset(choice) : 0;
}

/*
 * check-name: the weak function is its own
 * check-expect: nothing
 */
