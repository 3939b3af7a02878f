/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	extern int frame_take(CAP(page_alloc) cap, int order);

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, choice);
}

/*
 * check-name: a function declares a privileged one for itself, without its token
 * check-expect: nothing
 */
