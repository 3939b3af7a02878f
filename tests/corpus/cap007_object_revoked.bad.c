/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct peer {
	cap_owner_t owner;
	CAP(net_access) net;
};

int peer_stop(struct peer *peer);

int peer_stop(struct peer *peer)
{
	cap_revoke(peer->owner);
	return net_transmit(peer->net, 0);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: the tokens of an object's owner are revoked before it is used
 * check-expect: 14 CAP007
 */
