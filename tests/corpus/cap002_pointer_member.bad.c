/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct port {
	int unit;
	struct cap_net_access *net;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct port port = {.unit = choice};

	(void)net, (void)block, (void)machine, (void)choice;
	return port.unit;
}

/*
 * check-name: a struct points to a token
 * check-expect: 6 CAP002
 */
