/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct operations {
	int (*send)(CAP(net_access) cap, int frame);
};

static const struct operations operations = {
	.send = net_transmit,
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return operations.send(net, choice);
}

/*
 * check-name: an operations table holds a privileged function without its token
 * check-expect: nothing
 */
