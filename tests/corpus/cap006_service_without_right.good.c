/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int frame_take(int order);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_write(block, choice);
}

/*
 * check-name: it calls what its token is for
 * check-expect: nothing
 */
