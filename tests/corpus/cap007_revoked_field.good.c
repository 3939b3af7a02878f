/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	cap_revoke_one(net_access, machine->link.net);
	return block_write(machine->block, choice);
}

/*
 * check-name: the other token is shown
 * check-expect: nothing
 */
