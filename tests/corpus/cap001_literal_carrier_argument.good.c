/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(((struct link){.unit = 1, .net = net}).net, choice);
}

/*
 * check-name: a token is read out of a literal carrier
 * check-expect: nothing
 */
