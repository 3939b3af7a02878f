/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link;

	(void)net, (void)block, (void)machine, (void)choice;
	link.net = net;
	return net_transmit(link.net, choice);
}

/*
 * check-name: a field of a local carrier is read while empty
 * check-expect: nothing
 */
