/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	static struct link kept;

	(void)net, (void)block, (void)machine, (void)choice;
	kept = machine->link;
	return net_transmit(kept.net, choice);
}

/*
 * check-name: a carrier that is static in its function is read and never filled
 * check-expect: nothing
 */
