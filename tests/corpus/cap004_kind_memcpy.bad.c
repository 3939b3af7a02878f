/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct disk {
	int unit;
	CAP(block_access) block;
};

void *memcpy(void *to, const void *from, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct disk disk = {choice, block}, other = {0, block};

	memcpy(&disk, &machine->link, sizeof(disk));
	return block_write(disk.block, other.unit);
}

/*
 * check-name: memcpy turns a carrier's token into one of another kind
 * check-expect: 16 CAP004
 */
