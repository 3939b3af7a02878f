/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int call_with(void (*callback)(void *argument), void *argument);

static void use(struct machine *machine)
{
	(void)net_transmit(machine->link.net, 1);
}

static void body(void *argument)
{
	use(CAP_CARRIER_OF(struct machine, link.unit, argument));
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return call_with(body, &machine->link.unit);
}

/*
 * check-name: a cast lets a callback take its void pointer as a carrier
 * check-expect: nothing
 */
