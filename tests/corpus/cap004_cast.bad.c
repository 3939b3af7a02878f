/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(*(CAP(net_access) *)&choice, choice);
}

/*
 * check-name: a cast reads a number as a token
 * check-expect: 7 CAP004
 */
