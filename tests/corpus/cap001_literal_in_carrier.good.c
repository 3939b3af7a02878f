/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(link.net, choice);
}

/*
 * check-name: a carrier's initialiser has braces for its token
 * check-expect: nothing
 */
