/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	unsigned long place = (unsigned long)block_write;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, (int)place);
}

/*
 * check-name: the address of a privileged function becomes a number
 * check-expect: 6 CAP006
 */
