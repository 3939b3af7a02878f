/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern char links_start[];

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	const struct link *link = links_start[0] ? &machine->link : NULL;

	(void)net, (void)block, (void)machine, (void)choice;
	return link ? net_transmit(link->net, choice) : 0;
}

/*
 * check-name: a table in a section of its own is read as carriers
 * check-expect: nothing
 */
