/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int send(const struct link *link, int frame)
{
	return net_transmit(link->net, frame);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link mine = {.unit = 1};

	(void)net, (void)block, (void)machine, (void)choice;
	mine.net = net;
	return send(&mine, choice);
}

/*
 * check-name: a local carrier is shown to a helper before it has a token
 * check-expect: nothing
 */
