/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct machine copy = {.block = block};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(copy.link.net, choice);
}

/*
 * check-name: the inner carrier of a zeroed one is read
 * check-expect: 9 CAP001
 */
