/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#define ANY_NETWORK ((CAP(net_access)){})

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(ANY_NETWORK, choice);
}

/*
 * check-name: a macro hides the literal
 * check-expect: 9 CAP001
 */
