/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy = {};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(copy, choice);
}

/*
 * check-name: a local token is initialised with braces
 * check-expect: 6 CAP001
 * check-expect: 9 CAP001
 */
