/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static inline CAP(net_access) borrow(struct link *link)
{
	CAP(net_access) forged = link->net;

	(void)link;
	return forged;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(borrow(&machine->link), choice);
}

/*
 * check-name: an inline helper forges for its callers
 * check-expect: nothing
 */
