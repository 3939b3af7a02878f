/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *find_memory(size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link *link = find_memory(sizeof(*link));

	(void)net, (void)block, (void)machine, (void)choice;
	if (!link)
		return -1;
	link->net = net;
	return net_transmit(link->net, choice);
}

/*
 * check-name: a function that no policy lists makes memory a carrier
 * check-expect: 8 CAP004
 */
