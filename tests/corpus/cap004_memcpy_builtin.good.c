/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	long buffer[4] = {choice};

	(void)net, (void)block, (void)machine, (void)choice;
	machine->link = (struct link){.unit = (int)buffer[0], .net = net};
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: a builtin copies bytes over a carrier
 * check-expect: nothing
 */
