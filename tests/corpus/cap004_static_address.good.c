/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct machine *const device = NULL;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return device ? net_transmit(device->link.net, choice) : 0;
}

/*
 * check-name: a static pointer to a carrier is an address
 * check-expect: nothing
 */
