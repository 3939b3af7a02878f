/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct {
	struct link link;
	int unit;
} state;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	state.unit = choice;
	state.link.net = net;
	return state.unit;
}

/*
 * check-name: a struct without a name holds a token
 * check-expect: nothing
 */
