/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static CAP(net_access) refresh(CAP(net_access) old)
{
	cap_revoke_one(net_access, old);
	return old;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(refresh(net), choice);
}

/*
 * check-name: a function returns a token that it has revoked
 * check-expect: 7 CAP007
 */
