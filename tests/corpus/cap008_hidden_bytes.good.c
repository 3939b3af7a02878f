/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static unsigned int probe(void)
{
	unsigned int low = 0;

	__asm__ volatile(".byte 0x90" : "+r"(low));
	return low;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, (int)probe());
}

/*
 * check-name: the byte is a nop
 * check-expect: nothing
 */
