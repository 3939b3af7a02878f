/* SPDX-License-Identifier: MIT */
#include "corpus.h"

union place {
	struct machine *machine;
	unsigned long number;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	union place place = {.number = 0x1000};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(place.machine->link.net, choice);
}

/*
 * check-name: a union overlays a pointer to a carrier and a number
 * check-expect: 5 CAP004
 */
