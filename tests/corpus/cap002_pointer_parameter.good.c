/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static void fill(struct link *to, struct machine *machine)
{
	to->net = machine->link.net;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice};

	(void)net, (void)block, (void)machine, (void)choice;
	fill(&link, machine);
	return link.unit;
}

/*
 * check-name: a parameter points to a token
 * check-expect: nothing
 */
