/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static CAP(net_access) refresh(CAP(net_access) old)
{
	(void)cap_is_valid(net_access, old);
	return old;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(refresh(net), choice);
}

/*
 * check-name: it returns one that it has not
 * check-expect: nothing
 */
