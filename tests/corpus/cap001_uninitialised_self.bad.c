/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) own = own;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(own, choice);
}

/*
 * check-name: a token is initialised with itself
 * check-expect: 6 CAP001
 * check-expect: 9 CAP001
 */
