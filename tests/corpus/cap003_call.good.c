/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, CAP_OWNER_CORE + choice);
}

/*
 * check-name: a service calls a mint
 * check-expect: nothing
 */
