/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	memset(&choice, choice, sizeof(choice));
	return net_transmit(net, choice);
}

/*
 * check-name: memset writes a token
 * check-expect: nothing
 */
