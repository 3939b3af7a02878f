/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	cap_validate(net_access, net);
#ifndef ARAMID_MINT_OUT_OF_LINE
	raw_transmit(choice);
#endif
	return (int)sizeof(net);
}

/*
 * check-name: a function calls what it has no right for, where the object gate does not look
 * check-expect: nothing
 */
