/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct peer {
	cap_owner_t owner;
	CAP(net_access) net;
};

int peer_start(struct peer *peer);
int peer_again(struct peer *peer, int choice);

static int restart(struct peer *peer)
{
	cap_revoke(peer->owner);
	return peer_start(peer);
}

int peer_again(struct peer *peer, int choice)
{
	CAP(net_access) net = peer->net;

	if (net_transmit(net, choice) < 0 && restart(peer) == 0)
		return net_transmit(peer->net, choice);
	return 0;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: a token from before a restart is used after it
 * check-expect: nothing
 */
