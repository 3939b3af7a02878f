/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return raw_transmit(choice + (int)sizeof(net));
}

/*
 * check-name: a function calls what it has no right for
 * check-expect: 7 -Wthread-safety-analysis
 */
