/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit((machine + 0)->link.net, choice);
}

/*
 * check-name: a pointer to a carrier plus one is dereferenced
 * check-expect: nothing
 */
