/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link links[choice];

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(links[0].net, choice);
}

/*
 * check-name: an array of carriers of variable length is read unfilled
 * check-expect: 6 sparse
 * check-expect: 9 CAP001
 */
