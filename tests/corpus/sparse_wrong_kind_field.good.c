/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	machine->link.net = net;
	return 0;
}

/*
 * check-name: a carrier's field gets a token of another kind
 * check-expect: nothing
 */
