/* SPDX-License-Identifier: MIT */
#include "corpus.h"

CAP(net_access) innocent(cap_owner_t owner) __asm__("cap_mint_net_access");

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(innocent(1), choice);
}

/*
 * check-name: an assembler label gives the mint another name
 * check-expect: 4 CAP003
 * check-expect: 9 CAP003
 */
