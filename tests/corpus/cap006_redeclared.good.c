/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int frame_take(CAP(page_alloc) cap, int order);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, choice);
}

/*
 * check-name: a privileged function is declared anew without its token
 * check-expect: nothing
 */
