/* SPDX-License-Identifier: MIT */
#include "corpus.h"

void *memcpy(void *to, const void *from, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct link link, copy;

	link = (struct link){choice, net};
	memcpy(&copy, &link, sizeof(copy));
	choice = net_transmit(copy.net, choice);
	cap_revoke_one(net_access, link.net);
	return choice;
}

/*
 * check-name: a copy by memcpy is used after the token was revoked
 * check-expect: nothing
 */
