/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int copy_to_user(void __user *to, const void *from, unsigned long size);
int send_state(struct machine *machine, void __user *to);

int send_state(struct machine *machine, void __user *to)
{
	const void *state = &machine->link;

	return copy_to_user(to, state, sizeof(machine->link.unit));
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: a carrier leaves through a void pointer
 * check-expect: 11 CAP005
 */
