/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static __thread CAP(net_access) kept;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	kept = net;
	return net_transmit(kept, choice);
}

/*
 * check-name: a token is a thread's global
 * check-expect: 4 CAP002
 */
