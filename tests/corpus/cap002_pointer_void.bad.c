/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	memset(&net, choice, sizeof(net));
	return net_transmit(net, choice);
}

/*
 * check-name: the address of a token leaves as a pointer to void
 * check-expect: 7 CAP002
 * check-expect: 8 CAP001
 */
