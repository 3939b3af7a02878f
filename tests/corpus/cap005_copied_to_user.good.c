/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int copy_to_user(void __user *to, const void *from, unsigned long size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return copy_to_user(NULL, &machine->link.unit, sizeof(machine->link.unit));
}

/*
 * check-name: one of its numbers is
 * check-expect: nothing
 */
