/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile("call cap_mint_net_access" ::: "memory");
	return net_transmit(net, choice);
}

/*
 * check-name: an asm statement calls the mint
 * check-expect: 7 CAP003
 */
