/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile(".macro fetch_ word, kind\n\tcall cap_\\word\\()_\\kind\n\t.endm\n\t"
			 "fetch_ count, net_access");
	return block_write(block, choice);
}

/*
 * check-name: the same macro names a function that is not a mint
 * check-expect: nothing
 */
