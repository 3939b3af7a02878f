/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct link state = {.unit = 1};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	state.net = net;
	return state.unit;
}

/*
 * check-name: a static carrier is initialised with a token
 * check-expect: nothing
 */
