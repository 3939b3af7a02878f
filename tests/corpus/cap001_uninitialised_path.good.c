/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy;

	(void)net, (void)block, (void)machine, (void)choice;
	if (choice)
		copy = net;
	else
		copy = machine->link.net;
	return net_transmit(copy, choice);
}

/*
 * check-name: one path through an if assigns nothing
 * check-expect: nothing
 */
