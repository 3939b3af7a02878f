/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	__asm__ volatile("nop; " "mo" "vb %0, %1" : : "a"((unsigned char)choice), "d"((unsigned char)0x80));
	return net_transmit(net, choice);
}

/*
 * check-name: the text of an asm statement is put together from parts
 * check-expect: nothing
 */
