/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int net_reset(CAP(net_access) cap);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(net, choice);
}

/*
 * check-name: a privileged function is declared without parameters
 * check-expect: nothing
 */
