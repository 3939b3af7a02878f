/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static CAP(net_access) (*const makers[])(cap_owner_t) = {cap_mint_net_access};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(makers[0](1), choice);
}

/*
 * check-name: a table of functions names a mint
 * check-expect: 4 CAP003
 */
