/* SPDX-License-Identifier: MIT */
#include "corpus.h"

long read(int file, void *buffer, unsigned long size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link link = {.net = net};

	(void)net, (void)block, (void)machine, (void)choice;
	if (read(choice, &link, sizeof(link)) < 0)
		return -1;
	return net_transmit(link.net, link.unit);
}

/*
 * check-name: a carrier is read out of a file
 * check-expect: 11 CAP004
 */
