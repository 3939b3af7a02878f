/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#define CONTAINER(type, member, pointer) ((type *)((char *)(pointer) - offsetof(type, member)))

static int body(int *unit)
{
	const struct link *link = CONTAINER(struct link, unit, unit);

	return net_transmit(link->net, 1);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return body(&machine->link.unit);
}

/*
 * check-name: a macro of its own computes the carrier from a member
 * check-expect: 8 CAP004
 */
