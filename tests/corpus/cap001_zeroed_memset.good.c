/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(link.net, choice);
}

/*
 * check-name: memset clears a carrier that is then read
 * check-expect: nothing
 */
