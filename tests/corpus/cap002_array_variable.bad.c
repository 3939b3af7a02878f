/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) all[choice];

	(void)net, (void)block, (void)machine, (void)choice;
	all[0] = net;
	return net_transmit(all[0], choice);
}

/*
 * check-name: an array of variable length holds tokens
 * check-expect: 6 CAP002
 * check-expect: 6 sparse
 */
