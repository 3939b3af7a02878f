/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct packet {
	int count;
	struct link links[];
};

int pass(const struct packet *packet);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	char bytes[64] = {1};
	const struct packet *packet = NULL;

	(void)net, (void)block, (void)machine, (void)choice;
	bytes[0] = (char)choice;
	return pass(packet);
}

/*
 * check-name: a buffer is read as a packet with an array of carriers at its end
 * check-expect: nothing
 */
