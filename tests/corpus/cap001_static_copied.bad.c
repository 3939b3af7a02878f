/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct link kept;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link mine;

	(void)net, (void)block, (void)machine, (void)choice;
	mine = kept;
	return net_transmit(mine.net, choice);
}

/*
 * check-name: a static carrier that nothing fills is copied and read
 * check-expect: 12 CAP001
 */
