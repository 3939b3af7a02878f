/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(((struct link[]){{.unit = choice}})[0].net, choice);
}

/*
 * check-name: a compound literal of an array of carriers has no token in it
 * check-expect: 7 CAP001
 */
