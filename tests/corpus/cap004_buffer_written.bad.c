/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	long buffer[4] = {choice};

	(void)net, (void)block, (void)machine, (void)choice;
	*(struct link *)buffer = machine->link;
	return (int)buffer[1];
}

/*
 * check-name: a carrier is written over a buffer that is read as one of another kind
 * check-expect: 9 CAP004
 */
