/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef int (*plain_t)(int frame);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	plain_t plain = (plain_t)link_send;

	(void)net, (void)block, (void)machine, (void)choice;
	return plain(choice);
}

/*
 * check-name: a cast drops the carrier that a function takes
 * check-expect: 8 CAP006
 * check-expect: 8 -Wcast-function-type-strict
 */
