/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) theirs = cap_delegate(net_access, net, (cap_owner_t)choice);

	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke((cap_owner_t)(choice + 1));
	return net_transmit(theirs, choice);
}

/*
 * check-name: another owner's were
 * check-expect: nothing
 */
