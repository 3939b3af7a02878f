/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	choice = net_transmit(net, choice);
	cap_revoke_one(net_access, net);
	return choice;
}

/*
 * check-name: it is shown before
 * check-expect: nothing
 */
