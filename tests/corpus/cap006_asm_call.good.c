/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile("movl $1, %%edi\n\t" "call net_count" : : : "memory");
	return choice;
}

/*
 * check-name: an asm statement calls a privileged function
 * check-expect: nothing
 */
