/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	const void *hidden = (const void *)net_transmit;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, hidden != NULL);
}

/*
 * check-name: a privileged function goes through a pointer to void
 * check-expect: 6 CAP006
 */
