/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int innocent(void) __attribute__((weakref("cap_mint_net_access")));

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, choice + innocent());
}

/*
 * check-name: an alias attribute names the mint
 * check-expect: 4 CAP003
 * check-expect: 9 CAP003
 */
