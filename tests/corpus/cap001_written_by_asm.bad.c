/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__("" : "=m"(net));
	return net_transmit(net, choice);
}

/*
 * check-name: an asm statement writes a token
 * check-expect: 7 CAP001
 * check-expect: 7 CAP002
 */
