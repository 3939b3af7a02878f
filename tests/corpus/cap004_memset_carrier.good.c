/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	memset(&machine->link.unit, choice, sizeof(machine->link.unit));
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: memset writes bytes that are not zero into a carrier
 * check-expect: nothing
 */
