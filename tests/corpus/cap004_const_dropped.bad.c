/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int change(const struct link *link, int unit)
{
	((struct link *)link)->unit = unit;
	return net_transmit(link->net, unit);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return change(&machine->link, choice);
}

/*
 * check-name: a cast makes a const carrier writable
 * check-expect: 6 CAP004
 */
