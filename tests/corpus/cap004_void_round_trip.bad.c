/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	void *hidden = machine;
	struct machine *again = hidden;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(again->link.net, choice);
}

/*
 * check-name: a pointer to a carrier goes through a pointer to void and back
 * check-expect: 6 CAP004
 * check-expect: 7 CAP004
 */
