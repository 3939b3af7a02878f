/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef CAP(net_access) (*maker_t)(cap_owner_t owner);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	maker_t make = cap_mint_net_access;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(make(1), choice);
}

/*
 * check-name: a pointer to a mint is taken
 * check-expect: 8 CAP003
 */
