/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int frame_take(int order);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return frame_take(choice);
}

/*
 * check-name: a service calls a privileged function that it declares without the token that it is not handed
 * check-expect: 4 CAP006
 * check-expect: 9 CAP006
 */
