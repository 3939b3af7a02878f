/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy;

	(void)net, (void)block, (void)machine, (void)choice;
	copy = net;
	if (choice)
		goto send;
send:
	return net_transmit(copy, choice);
}

/*
 * check-name: a jump passes over the assignment
 * check-expect: nothing
 */
