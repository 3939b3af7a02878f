/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static inline __attribute__((unused)) void pause(void)
{
	__asm__ volatile("pause");
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, choice);
}

/*
 * check-name: an inline function that nobody calls switches interrupts off
 * check-expect: nothing
 */
