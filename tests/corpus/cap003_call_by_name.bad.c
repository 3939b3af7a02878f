/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) minted = cap_mint_net_access(3);

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(minted, choice);
}

/*
 * check-name: a service calls the function behind the macro
 * check-expect: 6 CAP003
 */
