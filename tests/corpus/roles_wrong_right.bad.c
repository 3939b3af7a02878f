/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)machine;
	cap_validate(block_access, block);
	return raw_transmit(choice + (int)sizeof(net) + (int)sizeof(block));
}

/*
 * check-name: another right than the needed one is held
 * check-expect: 8 -Wthread-safety-analysis
 */
