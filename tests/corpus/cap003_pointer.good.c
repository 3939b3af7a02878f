/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef int (*maker_t)(CAP(net_access) net, int frame);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	maker_t make = net_transmit;

	(void)net, (void)block, (void)machine, (void)choice;
	return make(net, choice);
}

/*
 * check-name: a pointer to a mint is taken
 * check-expect: nothing
 */
