/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link *link = &machine->link;

	(void)net, (void)block, (void)machine, (void)choice;
	link->unit -= choice;
	return net_transmit(link->net, choice);
}

/*
 * check-name: a pointer to a carrier is moved back
 * check-expect: nothing
 */
