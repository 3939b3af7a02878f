/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct smuggler {
	int unit;
	CAP(net_access) net;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct smuggler smuggler = {.unit = choice};

	(void)net, (void)block, (void)machine, (void)choice;
	smuggler.net = net;
	return smuggler.unit;
}

/*
 * check-name: a struct that no policy lists holds a token
 * check-expect: 6 CAP002
 */
