/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile("movl $1, (%0)" : : "r"(machine) : "memory");
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: an asm statement gets a pointer to a carrier
 * check-expect: 7 CAP004
 */
