/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	((unsigned char *)machine)[choice] = 1;
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: a byte of a carrier is written through a pointer to char
 * check-expect: 7 CAP004
 */
