/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static unsigned int probe(void)
{
	unsigned int low = 0;

	unsigned long root;

	__asm__ volatile("movq %%cr3, %0" : "=r"(root));
	low = (unsigned int)root;
	return low;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, (int)probe());
}

/*
 * check-name: a service reads the root of the page tables
 * check-expect: 10 CAP008
 */
