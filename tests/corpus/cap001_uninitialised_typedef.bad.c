/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef CAP(net_access) right_t;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	right_t right;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(right, choice);
}

/*
 * check-name: a typedef hides the token's type
 * check-expect: 11 CAP001
 */
