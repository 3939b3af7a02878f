/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(machine[1].link.net, choice);
}

/*
 * check-name: what lies beside a carrier is read by an index
 * check-expect: 7 CAP005
 */
