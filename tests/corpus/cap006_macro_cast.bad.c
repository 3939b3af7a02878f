/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#define CALL(function, frame) (((int (*)(int))(function))(frame))

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return CALL(net_transmit, choice);
}

/*
 * check-name: a macro hides the cast of a privileged function
 * check-expect: 9 CAP006
 * check-expect: 9 -Wcast-function-type-strict
 */
