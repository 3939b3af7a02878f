/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct bag {
		CAP(net_access) net;
		int unit;
	} bag;

	(void)net, (void)block, (void)machine, (void)choice;
	bag.unit = choice;
	bag.net = net;
	return bag.unit;
}

/*
 * check-name: a struct of a function holds a token
 * check-expect: 7 CAP002
 */
