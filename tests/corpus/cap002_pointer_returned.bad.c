/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct cap_net_access *borrow(struct machine *machine);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(*borrow(machine), choice);
}

/*
 * check-name: a function returns the address of a token
 * check-expect: 4 CAP002
 */
