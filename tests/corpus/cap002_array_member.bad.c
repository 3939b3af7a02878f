/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct port {
	int unit;
	CAP(net_access) net[2];
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct port port = {.unit = choice};

	(void)net, (void)block, (void)machine, (void)choice;
	port.net[0] = net;
	return port.unit;
}

/*
 * check-name: a struct holds an array of tokens
 * check-expect: 6 CAP002
 * check-expect: 14 CAP002
 */
