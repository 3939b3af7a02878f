/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	char bytes[choice];
	const struct link *link = (struct link *)bytes;

	(void)net, (void)block, (void)machine, (void)choice;
	bytes[0] = 1;
	return net_transmit(link->net, bytes[0]);
}

/*
 * check-name: an array of variable length is read as carriers
 * check-expect: 6 sparse
 * check-expect: 7 CAP004
 * check-expect: 11 CAP001
 */
