/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {0};

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(link.net, choice);
}

/*
 * check-name: a zeroed carrier is read
 * check-expect: 9 CAP001
 */
