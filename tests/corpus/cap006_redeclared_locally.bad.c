/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	extern int frame_take(int order);

	(void)net, (void)block, (void)machine, (void)choice;
	return frame_take(choice);
}

/*
 * check-name: a function declares a privileged one for itself, without its token
 * check-expect: 6 CAP006
 * check-expect: 9 CAP006
 */
