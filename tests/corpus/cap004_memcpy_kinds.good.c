/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *memcpy(void *to, const void *from, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	machine->block = block;
	return block_write(machine->block, choice);
}

/*
 * check-name: memcpy turns a token of one kind into one of another
 * check-expect: nothing
 */
