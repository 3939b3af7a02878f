/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

int fill(struct link *link, CAP(net_access) net, int unit);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link;

	(void)net, (void)block, (void)machine, (void)choice;
	if (fill(&link, net, choice))
		return 0;
	return net_transmit(link.net, choice);
}

/*
 * check-name: the other file's function leaves a carrier unfilled on one path
 * check-expect: 13 CAP001
 */
