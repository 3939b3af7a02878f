/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct link kept;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	kept.net = net;
	return 0;
}

/*
 * check-name: a token is a global
 * check-expect: nothing
 */
