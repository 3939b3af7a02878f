/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile("call\tcap\x5fname_" "net_access");
	return net_transmit(net, choice);
}

/*
 * check-name: escapes hide the name of the mint in an asm statement
 * check-expect: nothing
 */
