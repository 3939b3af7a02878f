/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef int (*plain_t)(int frame);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	plain_t plain = (plain_t)net_transmit;

	(void)net, (void)block, (void)machine, (void)choice;
	return plain(choice + (int)sizeof(net));
}

/*
 * check-name: a cast calls a privileged function without its token
 * check-expect: 8 CAP006
 * check-expect: 8 -Wcast-function-type-strict
 */
