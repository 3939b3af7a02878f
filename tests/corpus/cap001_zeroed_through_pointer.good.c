/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net}, *same = &link;

	(void)net, (void)block, (void)machine, (void)choice;
	memset(&same->unit, 0, sizeof(same->unit));
	return net_transmit(same->net, choice);
}

/*
 * check-name: its number is
 * check-expect: nothing
 */
