/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int start_thread(void *(*entry)(void *argument), void *argument);

static void *body(void *argument)
{
	const struct machine *machine = CAP_CARRIER_OF(struct machine, link.unit, argument);

	return net_transmit(machine->link.net, 1) ? argument : NULL;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return start_thread(body, &machine->link.unit);
}

/*
 * check-name: a thread gets its carrier as a pointer to void
 * check-expect: nothing
 */
