/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke_one(net_access, machine->link.net);
	return link_send(machine->link, choice);
}

/*
 * check-name: a carrier is passed by value after its token was revoked
 * check-expect: 8 CAP007
 */
