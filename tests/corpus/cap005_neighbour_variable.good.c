/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct machine machines[2] = {*machine, *machine};

	(void)net, (void)block, (void)machine, (void)choice;
	machines[0].link.unit = choice;
	return net_transmit(machines[choice & 1].link.net, choice);
}

/*
 * check-name: a carrier behind a pointer is indexed with a variable
 * check-expect: nothing
 */
