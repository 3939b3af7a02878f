/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int send(const void *any, int frame)
{
	const struct machine *machine = any;

	return net_transmit(machine->link.net, frame);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return send(&choice, choice);
}

/*
 * check-name: a helper turns any pointer into one to a carrier
 * check-expect: 6 CAP004
 */
