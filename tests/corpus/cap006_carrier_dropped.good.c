/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef int (*plain_t)(struct link link, int frame);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	plain_t plain = link_send;

	(void)net, (void)block, (void)machine, (void)choice;
	return plain(machine->link, choice);
}

/*
 * check-name: a cast drops the carrier that a function takes
 * check-expect: nothing
 */
