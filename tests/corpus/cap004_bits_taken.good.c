/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#include <stdint.h>

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	uintptr_t bits;

	(void)net, (void)block, (void)machine, (void)choice;
	bits = (uintptr_t)machine->link.unit;
	return net_transmit(machine->link.net, (int)bits);
}

/*
 * check-name: the bits of a carrier are read as a number
 * check-expect: nothing
 */
