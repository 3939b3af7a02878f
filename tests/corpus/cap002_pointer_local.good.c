/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) where = net;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(where, choice);
}

/*
 * check-name: the address of a token is taken
 * check-expect: nothing
 */
