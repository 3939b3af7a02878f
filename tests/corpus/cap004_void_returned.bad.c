/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct machine *find(void *place)
{
	return place;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(find(&choice)->link.net, choice);
}

/*
 * check-name: a function returns a pointer to void as one to a carrier
 * check-expect: 6 CAP004
 */
