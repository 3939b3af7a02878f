/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int (*const makers[])(CAP(net_access), int) = {net_transmit};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return makers[0](net, choice);
}

/*
 * check-name: a table of functions names a mint
 * check-expect: nothing
 */
