/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile("movl $1, %0" : "=m"(machine->link));
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: an asm statement writes a carrier
 * check-expect: 7 CAP004
 */
