/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static inline struct link *as_link(long *bits)
{
	return (struct link *)bits;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	long bits[4] = {choice};
	struct link *link = as_link(bits);

	(void)net, (void)block, (void)machine, (void)choice;
	return link ? net_transmit(link->net, choice) : 0;
}

/*
 * check-name: an inline helper hides the conversion
 * check-expect: 6 CAP004
 * check-expect: 15 CAP001
 */
