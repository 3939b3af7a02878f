/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile("mov %0, %%rcx" : : "r"((unsigned long)choice) : "rcx", "memory");
	return net_transmit(net, choice);
}

/*
 * check-name: a service switches the page tables
 * check-expect: nothing
 */
