/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)machine;
	return net_transmit(block, choice);
}

/*
 * check-name: a token of another kind is shown
 * check-expect: 7 sparse
 */
