/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	choice = link_send(machine->link, choice);
	cap_revoke_one(net_access, machine->link.net);
	return choice;
}

/*
 * check-name: it is passed before
 * check-expect: nothing
 */
