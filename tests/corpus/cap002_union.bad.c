/* SPDX-License-Identifier: MIT */
#include "corpus.h"

union disguise {
	CAP(net_access) net;
	long bits;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	union disguise disguise = {.bits = choice};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(disguise.net, choice);
}

/*
 * check-name: a union overlays a token
 * check-expect: 5 CAP002
 */
