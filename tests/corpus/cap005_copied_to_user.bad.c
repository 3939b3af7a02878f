/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int copy_to_user(void __user *to, const void *from, unsigned long size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return copy_to_user(NULL, &machine->link, sizeof(machine->link));
}

/*
 * check-name: a carrier's bytes are copied to user memory
 * check-expect: 9 CAP005
 */
