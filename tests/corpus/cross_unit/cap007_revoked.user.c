/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

int finish(CAP(net_access) net, int choice);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	if (finish(net, choice) < 0)
		return -1;
	return net_transmit(net, choice);
}

/*
 * check-name: the other file's function revokes on one path what its caller goes on to use
 * check-expect: 11 CAP007
 */
