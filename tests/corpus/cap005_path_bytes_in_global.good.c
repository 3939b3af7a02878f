/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static char kept[64];
void *memcpy(void *to, const void *from, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	memcpy(kept, &machine->link.unit, sizeof(machine->link.unit));
	return net_transmit(net, kept[choice & 3]);
}

/*
 * check-name: a carrier's bytes are copied into a global buffer
 * check-expect: nothing
 */
