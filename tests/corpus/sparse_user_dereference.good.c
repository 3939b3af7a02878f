/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int peek(const int __user *from)
{
	int value = 0;

	if (copy_from_user(&value, from, sizeof(value)))
		return -1;
	return value;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, peek((const int __user *)(unsigned long)choice));
}

/*
 * check-name: a user pointer is dereferenced
 * check-expect: nothing
 */
