/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	long buffer[4] = {choice};
	const struct link *link = &machine->link;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(link->net, (int)buffer[0]);
}

/*
 * check-name: a buffer is read as a carrier
 * check-expect: nothing
 */
