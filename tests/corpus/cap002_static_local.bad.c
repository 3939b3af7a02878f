/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	static CAP(net_access) kept;

	(void)net, (void)block, (void)machine, (void)choice;
	kept = net;
	return net_transmit(kept, choice);
}

/*
 * check-name: a token is a static object of a function
 * check-expect: 6 CAP002
 */
