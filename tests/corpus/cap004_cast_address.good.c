/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, (int)0x1000UL + choice);
}

/*
 * check-name: a cast reads an address as a token
 * check-expect: nothing
 */
