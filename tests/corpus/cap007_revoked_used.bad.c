/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke_one(net_access, net);
	return net_transmit(net, choice);
}

/*
 * check-name: a token is shown after it was revoked
 * check-expect: 8 CAP007
 */
