/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int innocent(int frame) __asm__("net_transmit");

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return innocent(choice);
}

/*
 * check-name: an assembler label gives a privileged function another type
 * check-expect: 4 CAP006
 */
