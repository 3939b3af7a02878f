/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	int turn;

	(void)net, (void)block, (void)machine, (void)choice;
	for (turn = 0; turn < 2; turn++) {
		choice += net_transmit(net, turn);
		cap_revoke_one(net_access, net);
	}
	return choice;
}

/*
 * check-name: the second turn of a loop shows what the first revoked
 * check-expect: 10 CAP007
 */
