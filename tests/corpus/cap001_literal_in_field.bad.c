/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	machine->link.net = (CAP(net_access)){};
	return 0;
}

/*
 * check-name: a literal is stored in a carrier behind a pointer
 * check-expect: 7 CAP001
 */
