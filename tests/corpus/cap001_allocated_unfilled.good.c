/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *malloc(size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link *link = malloc(sizeof(*link));

	(void)net, (void)block, (void)machine, (void)choice;
	if (!link)
		return -1;
	link->unit = choice;
	link->net = net;
	return net_transmit(link->net, choice);
}

/*
 * check-name: a token is read from a carrier that was just allocated
 * check-expect: nothing
 */
