/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	static struct link kept;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(kept.net, choice);
}

/*
 * check-name: a carrier that is static in its function is read and never filled
 * check-expect: 9 CAP001
 */
