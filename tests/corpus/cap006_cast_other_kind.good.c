/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef int (*send_t)(CAP(net_access) cap, int frame);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	send_t send = net_transmit;

	(void)net, (void)block, (void)machine, (void)choice;
	return send(net, choice);
}

/*
 * check-name: a cast lets a function take a token of another kind
 * check-expect: nothing
 */
