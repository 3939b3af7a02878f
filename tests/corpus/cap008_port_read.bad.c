/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static unsigned int probe(void)
{
	unsigned int low = 0;

	__asm__ volatile("inb $0x71, %%al" : "+a"(low));
	return low;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, (int)probe());
}

/*
 * check-name: a service reads a port
 * check-expect: 8 CAP008
 */
