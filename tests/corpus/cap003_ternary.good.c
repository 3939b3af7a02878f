/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) chosen;

	(void)net, (void)block, (void)machine, (void)choice;
	chosen = choice ? net : machine->link.net;
	return net_transmit(chosen, choice);
}

/*
 * check-name: one arm of a conditional is a mint
 * check-expect: nothing
 */
