/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct disk {
	int unit;
	CAP(block_access) block;
};

static int finish(int *unit)
{
	struct disk *disk = CAP_CARRIER_OF(struct disk, unit, unit);

	return block_write(disk->block, disk->unit);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct disk disk = {choice, block};

	return finish(&machine->link.unit) + disk.unit;
}

/*
 * check-name: a callback takes its carrier for one with another kind
 * check-expect: 13 CAP004
 */
