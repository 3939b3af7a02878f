/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void sort(void *first, size_t count, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link links[2] = {{.unit = 1, .net = net}, machine->link};
	struct link first = links[0];

	links[0] = links[1], links[1] = first;
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(links[0].net, choice);
}

/*
 * check-name: a library function moves the bytes of carriers
 * check-expect: nothing
 */
