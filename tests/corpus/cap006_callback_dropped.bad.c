/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int call_later(void (*callback)(void *argument), void *argument);

static void later(void *argument)
{
	(void)argument;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return call_later((void (*)(void *))net_transmit, later);
}

/*
 * check-name: a privileged function is handed over as a callback
 * check-expect: 14 CAP006
 * check-expect: 14 -Wcast-function-type-strict
 */
