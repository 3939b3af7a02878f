/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int call_with(void (*callback)(void *argument), void *argument);

static void use(struct machine *machine)
{
	(void)net_transmit(machine->link.net, 1);
}

static void plain(void *argument)
{
	(void)argument;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	use(machine), plain(machine ? NULL : NULL);
	return call_with((void (*)(void *))use, &choice);
}

/*
 * check-name: a cast lets a callback take its void pointer as a carrier
 * check-expect: 20 CAP004
 * check-expect: 20 -Wcast-function-type-strict
 */
