/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return block_fetch(cap_attenuate(block_read, block_access, block), choice);
}

/*
 * check-name: a literal is weakened into a token of another kind
 * check-expect: nothing
 */
