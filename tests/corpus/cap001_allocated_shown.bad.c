/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *malloc(size_t size);

static int send(const struct link *link, int frame)
{
	return net_transmit(link->net, frame);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link *link = malloc(sizeof(*link));

	(void)net, (void)block, (void)machine, (void)choice;
	if (!link)
		return -1;
	return send(link, choice);
}

/*
 * check-name: an allocated carrier is shown to a helper before it has a token
 * check-expect: 18 CAP001
 */
