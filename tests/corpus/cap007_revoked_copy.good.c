/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy = net;

	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke_one(block_access, block);
	return net_transmit(copy, choice);
}

/*
 * check-name: another token is revoked
 * check-expect: nothing
 */
