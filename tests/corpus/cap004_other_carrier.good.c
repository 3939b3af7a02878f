/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct pair {
	struct machine machine;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct pair pair[1] = {{.machine = *machine}};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(pair->machine.link.net, choice);
}

/*
 * check-name: a carrier is read as one of another type
 * check-expect: nothing
 */
