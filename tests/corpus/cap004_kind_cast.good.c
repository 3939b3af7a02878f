/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct disk {
	int unit;
	CAP(block_access) block;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct disk disk = {choice, block};

	return block_write((&disk)->block, disk.unit);
}

/*
 * check-name: a cast carrier shows its token as another kind
 * check-expect: nothing
 */
