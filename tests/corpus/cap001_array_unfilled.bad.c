/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link links[4] = {};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(links[choice & 3].net, choice);
}

/*
 * check-name: a counted element of an array is read and none was filled
 * check-expect: 9 CAP001
 */
