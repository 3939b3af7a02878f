/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(CAP_UNSAFE("", (CAP(net_access)){}), choice);
}

/*
 * check-name: an escape hatch with an empty reason excuses nothing
 * check-expect: 7 CAP004
 * check-expect: 7 CAP010
 */
