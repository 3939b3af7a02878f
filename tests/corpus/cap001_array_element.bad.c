/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link links[2];

	(void)net, (void)block, (void)machine, (void)choice;
	links[0].net = net;
	return net_transmit(links[1].net, choice);
}

/*
 * check-name: an element of an array of carriers is read while empty
 * check-expect: 10 CAP001
 */
