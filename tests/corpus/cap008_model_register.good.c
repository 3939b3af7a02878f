/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static unsigned int probe(void)
{
	unsigned int low = 0;

	__asm__ volatile("rdtsc" : "=a"(low) : "c"(0x10) : "edx");
	return low;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, (int)probe());
}

/*
 * check-name: it reads the counter that everybody may read
 * check-expect: nothing
 */
