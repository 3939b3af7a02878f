/* SPDX-License-Identifier: MIT */
#include "corpus.h"

union place {
	int *unit;
	unsigned long number;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	union place place = {.number = 0x1000};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(machine->link.net, *place.unit);
}

/*
 * check-name: a union overlays a pointer to a carrier and a number
 * check-expect: nothing
 */
