/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct peer {
	cap_owner_t owner;
	CAP(net_access) net;
};

void peer_share(struct peer *self, struct peer *other);

void peer_share(struct peer *self, struct peer *other)
{
	other->net = cap_delegate(net_access, self->net, other->owner);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: a token is stored in another owner's carrier
 * check-expect: nothing
 */
