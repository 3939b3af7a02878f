/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct {
	CAP(net_access) net;
	int unit;
} state;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	state.unit = choice;
	state.net = net;
	return state.unit;
}

/*
 * check-name: a struct without a name holds a token
 * check-expect: 5 CAP002
 */
