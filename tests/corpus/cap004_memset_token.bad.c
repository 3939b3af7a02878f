/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	memset(&net, choice, sizeof(net));
	return net_transmit(net, choice);
}

/*
 * check-name: memset writes a token
 * check-expect: 7 CAP004
 * check-expect: 8 CAP001
 */
