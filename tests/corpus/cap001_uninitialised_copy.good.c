/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link first, second;

	(void)net, (void)block, (void)machine, (void)choice;
	first.unit = choice;
	first.net = net;
	second = first;
	return net_transmit(second.net, choice);
}

/*
 * check-name: an empty carrier is copied and read
 * check-expect: nothing
 */
