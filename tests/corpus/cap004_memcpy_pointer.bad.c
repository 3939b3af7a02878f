/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *memcpy(void *to, const void *from, size_t size);

static void *(*const copy)(void *to, const void *from, size_t size) = memcpy;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	long buffer[4] = {choice};

	(void)net, (void)block, (void)machine, (void)choice;
	copy(&machine->link, buffer, sizeof(machine->link));
	return net_transmit(machine->link.net, choice);
}

/*
 * check-name: a pointer to memcpy copies bytes over a carrier
 * check-expect: 13 CAP004
 */
