/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *memcpy(void *to, const void *from, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	unsigned char buffer[sizeof(struct machine)] = {1};

	(void)net, (void)block, (void)machine, (void)choice;
	memcpy(&machine->link.unit, buffer, sizeof(machine->link.unit));
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: bytes of a buffer are copied over a carrier
 * check-expect: nothing
 */
