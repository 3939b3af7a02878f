/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link all[2];

	(void)net, (void)block, (void)machine, (void)choice;
	all[0].net = net;
	return net_transmit(all[0].net, choice);
}

/*
 * check-name: a local array holds tokens
 * check-expect: nothing
 */
