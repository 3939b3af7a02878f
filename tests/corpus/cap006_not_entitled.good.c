/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int frame_give(CAP(page_alloc) cap, int frame);
CAP(page_alloc) find_right(int number);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, choice);
}

/*
 * check-name: a service calls a function whose right it is not handed
 * check-expect: nothing
 */
