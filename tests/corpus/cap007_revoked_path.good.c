/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	if (choice > 3) {
		cap_revoke_one(net_access, net);
		return 0;
	}
	return net_transmit(net, choice);
}

/*
 * check-name: that path ends
 * check-expect: nothing
 */
