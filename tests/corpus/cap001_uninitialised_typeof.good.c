/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	__typeof__(net) other = net;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(other, choice);
}

/*
 * check-name: typeof declares a second token
 * check-expect: nothing
 */
