/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

void clear(struct link *link, int choice);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.unit = choice, .net = net};

	(void)net, (void)block, (void)machine, (void)choice;
	clear(&link, choice);
	return net_transmit(link.net, choice);
}

/*
 * check-name: the other file's function zeroes a carrier on one path
 * check-expect: 12 CAP001
 */
