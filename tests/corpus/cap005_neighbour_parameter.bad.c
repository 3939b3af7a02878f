/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int send(const struct link links[2], int frame)
{
	return net_transmit(links[1].net, frame);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link links[2] = {machine->link, machine->link};

	(void)net, (void)block, (void)machine, (void)choice;
	return send(links, choice);
}

/*
 * check-name: a parameter that is written as an array is indexed
 * check-expect: 6 CAP005
 */
