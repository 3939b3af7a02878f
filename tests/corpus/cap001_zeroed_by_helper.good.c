/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static void clear(struct link *link)
{
	struct link zero = {.unit = 0};

	link->unit = zero.unit;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net};

	(void)net, (void)block, (void)machine, (void)choice;
	clear(&link);
	return net_transmit(link.net, choice);
}

/*
 * check-name: it changes its number
 * check-expect: 17 CAP001
 */
