/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *malloc(size_t size);

static void fill(struct link *link, CAP(net_access) net)
{
	link->net = net;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link *link = malloc(sizeof(*link));
	int sent = 0;

	(void)net, (void)block, (void)machine, (void)choice;
	if (!link)
		return -1;
	sent = net_transmit(link->net, choice);
	fill(link, net);
	return sent;
}

/*
 * check-name: an allocated carrier is read before its helper fills it
 * check-expect: 19 CAP001
 */
