/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct cap_net_access outer = ({
		CAP(net_access) inner;
		inner;
	});

	return net_transmit(outer, choice);
}

/*
 * check-name: a statement expression yields an empty token
 * check-expect: 9 CAP001
 * check-expect: 12 CAP001
 */
