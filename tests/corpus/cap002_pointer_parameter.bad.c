/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static void fill(struct cap_net_access *to, struct machine *machine)
{
	*to = machine->link.net;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice};

	(void)net, (void)block, (void)machine, (void)choice;
	fill(&link.net, machine);
	return link.unit;
}

/*
 * check-name: a parameter points to a token
 * check-expect: 4 CAP002
 * check-expect: 14 CAP002
 */
