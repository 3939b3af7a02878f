/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int surprise(void *work)
{
	const struct machine *machine = CAP_CARRIER_OF(struct machine, link.unit, work);

	return net_transmit(machine->link.net, 1);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	int (*callback)(void *work) = surprise;

	(void)net, (void)block, (void)machine, (void)choice;
	return callback(&machine->link.unit);
}

/*
 * check-name: a callback that no policy lists gets its carrier back
 * check-expect: 6 CAP004
 */
