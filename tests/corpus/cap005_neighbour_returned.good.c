/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct machine *find_machine(int number);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(find_machine(choice)->link.net, choice);
}

/*
 * check-name: what a function returned is indexed
 * check-expect: nothing
 */
