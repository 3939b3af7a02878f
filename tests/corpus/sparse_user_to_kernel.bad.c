/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int peek(const int __user *from)
{
	const int *here = from;

	return here ? 1 : 0;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, peek((const int __user *)(unsigned long)choice));
}

/*
 * check-name: a user pointer becomes a kernel pointer
 * check-expect: 6 sparse
 */
