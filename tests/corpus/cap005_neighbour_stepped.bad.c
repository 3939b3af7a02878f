/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	machine++;
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: a pointer to a carrier is stepped to the next
 * check-expect: 7 CAP005
 */
