/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy = net;

	(void)net, (void)block, (void)machine, (void)choice;
	copy = (CAP(net_access)){};
	return net_transmit(copy, choice);
}

/*
 * check-name: a literal is assigned to a local token
 * check-expect: 9 CAP001
 * check-expect: 10 CAP001
 */
