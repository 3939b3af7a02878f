/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, find_symbol("net_transmit") ? 1 : choice);
}

/*
 * check-name: a symbol is looked up by the mint's name
 * check-expect: nothing
 */
