/* SPDX-License-Identifier: MIT */
#include "corpus.h"

union disguise {
	int number;
	long bits;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	union disguise disguise = {.bits = choice};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, (int)disguise.bits);
}

/*
 * check-name: a union overlays a token
 * check-expect: nothing
 */
