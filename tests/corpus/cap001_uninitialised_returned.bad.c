/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static CAP(net_access) pick(struct machine *machine)
{
	CAP(net_access) found;

	if (machine->link.unit)
		found = machine->link.net;
	return found;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(pick(machine), choice);
}

/*
 * check-name: a function returns a token that it never had
 * check-expect: 10 CAP001
 */
