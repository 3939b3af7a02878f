/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct link kept;

static int send(const struct link *link, int frame)
{
	return net_transmit(link->net, frame);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return send(&kept, choice);
}

/*
 * check-name: a static carrier that nothing fills is shown to a helper
 * check-expect: 14 CAP001
 */
