/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct machine kept;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	kept.link.net = net;
	return block_write(kept.block, choice);
}

/*
 * check-name: a static carrier is filled but for the field that is read
 * check-expect: 10 CAP001
 */
