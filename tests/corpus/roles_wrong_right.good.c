/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)machine;
	cap_validate(net_access, net);
	return raw_transmit(choice + (int)sizeof(net) + (int)sizeof(block));
}

/*
 * check-name: another right than the needed one is held
 * check-expect: nothing
 */
