/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static void clear(struct link *link)
{
	struct link zero = {.unit = 0};

	*link = zero;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net};

	(void)net, (void)block, (void)machine, (void)choice;
	clear(&link);
	return net_transmit(link.net, choice);
}

/*
 * check-name: a helper puts a zeroed carrier in the place of a filled one
 * check-expect: 17 CAP001
 * check-expect: 8 CAP001
 */
