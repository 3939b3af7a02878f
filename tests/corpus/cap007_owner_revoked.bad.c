/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) theirs = cap_delegate(net_access, net, (cap_owner_t)choice);

	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke((cap_owner_t)choice);
	return net_transmit(theirs, choice);
}

/*
 * check-name: a token is shown after its owner's were revoked
 * check-expect: 10 CAP007
 */
