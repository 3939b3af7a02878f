/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *malloc(size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link *link = malloc(sizeof(*link));

	(void)net, (void)block, (void)machine, (void)choice;
	if (!link)
		return -1;
	link->net = net;
	return net_transmit(link->net, choice);
}

/*
 * check-name: a function that no policy lists makes memory a carrier
 * check-expect: nothing
 */
