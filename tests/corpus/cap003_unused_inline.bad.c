/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static inline __attribute__((unused)) int open_all(struct machine *machine)
{
	machine->link.net = cap_mint(net_access, 1);
	return 0;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: an inline function that nobody calls has the mint
 * check-expect: 6 CAP003
 */
