/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	memset(&machine->link.unit, choice, 1);
	return 0;
}

/*
 * check-name: memset writes a byte of a carrier's token
 * check-expect: nothing
 */
