/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef int (*send_t)(CAP(block_access) cap, int frame);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	send_t send = (send_t)net_transmit;

	(void)net, (void)block, (void)machine, (void)choice;
	return send(block, choice);
}

/*
 * check-name: a cast lets a function take a token of another kind
 * check-expect: 8 CAP006
 * check-expect: 8 -Wcast-function-type-strict
 */
