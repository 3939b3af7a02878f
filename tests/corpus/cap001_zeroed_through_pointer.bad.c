/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net}, *same = &link;

	(void)net, (void)block, (void)machine, (void)choice;
	memset(same, 0, sizeof(*same));
	return net_transmit(same->net, choice);
}

/*
 * check-name: a carrier is zeroed through a pointer
 * check-expect: 10 CAP001
 */
