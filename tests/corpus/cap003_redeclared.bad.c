/* SPDX-License-Identifier: MIT */
#include "corpus.h"

CAP(block_access) cap_mint_block_access(cap_owner_t owner);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, choice);
}

/*
 * check-name: a service declares the mint by itself
 * check-expect: 4 CAP003
 */
