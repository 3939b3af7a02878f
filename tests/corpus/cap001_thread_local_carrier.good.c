/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static _Thread_local struct link kept;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	kept.net = net;
	return net_transmit(kept.net, choice);
}

/*
 * check-name: a carrier of the thread is read and nothing fills it
 * check-expect: nothing
 */
