/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit((&machine->link)->net, choice);
}

/*
 * check-name: the address of a carrier in a carrier is indexed
 * check-expect: nothing
 */
