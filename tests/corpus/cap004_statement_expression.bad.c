/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	const struct machine *found = ({ (void)net; (const void *)&choice; });

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(found->link.net, choice);
}

/*
 * check-name: a statement expression yields an address as a carrier
 * check-expect: 6 CAP004
 */
