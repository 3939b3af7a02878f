/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct machine *chosen = choice ? machine : NULL;

	(void)net, (void)block, (void)machine, (void)choice;
	return chosen ? net_transmit(chosen->link.net, choice) : 0;
}

/*
 * check-name: one arm of a conditional is an address
 * check-expect: nothing
 */
