/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link;

	(void)net, (void)block, (void)machine, (void)choice;
	link.unit = choice;
	return link_send(link, choice);
}

/*
 * check-name: an empty carrier is passed by value
 * check-expect: 10 CAP001
 */
