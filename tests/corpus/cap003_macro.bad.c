/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#define OPEN(kind) cap_mint_##kind(1)

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(OPEN(net_access), choice);
}

/*
 * check-name: a macro hides the mint
 * check-expect: 9 CAP003
 */
