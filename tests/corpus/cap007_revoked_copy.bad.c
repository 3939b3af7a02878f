/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy = net;

	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke_one(net_access, net);
	return net_transmit(copy, choice);
}

/*
 * check-name: a copy of a revoked token is shown
 * check-expect: 10 CAP007
 */
