/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int fill(struct link *link, CAP(net_access) net, int unit)
{
	link->unit = unit;
	if (unit > 2)
		return 0;
	link->net = net;
	return 0;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link;

	(void)net, (void)block, (void)machine, (void)choice;
	if (fill(&link, net, choice))
		return 0;
	return net_transmit(link.net, choice);
}

/*
 * check-name: a helper that should fill a carrier does not on one path
 * check-expect: 20 CAP001
 */
