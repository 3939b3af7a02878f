/* SPDX-License-Identifier: MIT */
#include "corpus.h"

__asm__("stop:\tpause\n");

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, choice);
}

/*
 * check-name: assembler at file scope halts the processor
 * check-expect: nothing
 */
