/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#define AS(type, place) (*(type *)(void *)&(place))

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	AS(long, machine->link) = 1;
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: a macro hides the cast
 * check-expect: 9 CAP004
 */
