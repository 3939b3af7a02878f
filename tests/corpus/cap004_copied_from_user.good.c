/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	if (copy_from_user(&machine->link.unit, NULL, sizeof(machine->link.unit)))
		return -1;
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: a carrier is filled from user memory
 * check-expect: nothing
 */
