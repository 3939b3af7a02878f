/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit((choice++, (CAP(net_access)){}), 1);
}

/*
 * check-name: a literal behind a comma
 * check-expect: 7 CAP001
 */
