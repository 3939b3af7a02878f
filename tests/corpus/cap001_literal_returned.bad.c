/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static CAP(net_access) pick(struct machine *machine)
{
	(void)machine;
	return (CAP(net_access)){};
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(pick(machine), choice);
}

/*
 * check-name: a function returns a literal as a token
 * check-expect: 7 CAP001
 */
