/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke_kind(block_access);
	return net_transmit(net, choice);
}

/*
 * check-name: another kind was revoked
 * check-expect: nothing
 */
