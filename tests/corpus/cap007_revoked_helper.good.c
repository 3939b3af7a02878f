/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static void finish(CAP(net_access) net)
{
	(void)cap_is_valid(net_access, net);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	finish(net);
	return net_transmit(net, choice);
}

/*
 * check-name: the helper only looks
 * check-expect: 13 CAP007
 */
