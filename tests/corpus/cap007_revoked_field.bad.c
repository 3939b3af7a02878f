/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke_one(net_access, machine->link.net);
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: a carrier's token is shown after it was revoked
 * check-expect: 8 CAP007
 */
