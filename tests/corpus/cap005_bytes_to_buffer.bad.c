/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *memcpy(void *to, const void *from, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	unsigned char buffer[sizeof(struct link)];

	(void)net, (void)block, (void)machine, (void)choice;
	memcpy(buffer, &machine->link, sizeof(buffer));
	return buffer[0];
}

/*
 * check-name: the bytes of a carrier are copied into a buffer
 * check-expect: 11 CAP005
 */
