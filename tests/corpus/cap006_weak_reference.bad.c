/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int innocent(int frame) __attribute__((weakref("net_transmit")));

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return innocent(choice);
}

/*
 * check-name: a weak reference has a privileged function without its token
 * check-expect: 4 CAP006
 */
