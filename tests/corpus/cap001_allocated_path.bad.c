/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *malloc(size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct machine *mine = malloc(sizeof(*mine));

	(void)net, (void)block, (void)machine, (void)choice;
	if (!mine)
		return -1;
	if (choice)
		mine->link.net = net;
	return net_transmit(mine->link.net, choice);
}

/*
 * check-name: an allocated carrier is filled on one path only
 * check-expect: 15 CAP001
 */
