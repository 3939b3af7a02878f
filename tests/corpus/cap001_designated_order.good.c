/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct machine mine = {.link = {.unit = 1, .net = net}, .block = block};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(mine.link.net, choice);
}

/*
 * check-name: a designated initialiser names every field but the token
 * check-expect: nothing
 */
