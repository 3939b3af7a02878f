/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	char bytes[1];
	const struct link *link = &machine->link;

	(void)net, (void)block, (void)machine, (void)choice;
	bytes[0] = 1;
	return net_transmit(link->net, bytes[0]);
}

/*
 * check-name: an array of variable length is read as carriers
 * check-expect: nothing
 */
