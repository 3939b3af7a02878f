/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#include <stdint.h>

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	uintptr_t place = (uintptr_t)machine;
	struct machine *again = (struct machine *)place;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(again->link.net, (int)place);
}

/*
 * check-name: a pointer to a carrier goes through a number and back
 * check-expect: 8 CAP004
 * check-expect: 9 CAP004
 */
