/* SPDX-License-Identifier: MIT */
#include "corpus.h"

union disguise {
	struct link link;
	long bits[3];
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	union disguise disguise = {.bits = {choice}};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(disguise.link.net, choice);
}

/*
 * check-name: a union overlays a carrier
 * check-expect: 5 CAP002
 */
