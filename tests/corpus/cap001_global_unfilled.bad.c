/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern struct link kept;
struct link kept = {.unit = 1};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(kept.net, choice);
}

/*
 * check-name: a global carrier is read and its file does not fill it
 * check-expect: 10 CAP001
 */
