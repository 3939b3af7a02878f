/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(choice ? net : (CAP(net_access)){}, choice);
}

/*
 * check-name: one arm of a conditional is a literal
 * check-expect: 7 CAP001
 */
