/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(link.net, choice);
}

/*
 * check-name: an initialiser leaves the token out
 * check-expect: nothing
 */
