/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy;

	(void)net, (void)block, (void)machine, (void)choice;
	do
		copy = machine->link.net;
	while (choice-- > 0);
	return net_transmit(copy, choice);
}

/*
 * check-name: a loop that may not run assigns the token
 * check-expect: nothing
 */
