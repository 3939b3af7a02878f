/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern struct link theirs;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(theirs.net, choice);
}

/*
 * check-name: another file's global token is declared
 * check-expect: nothing
 */
