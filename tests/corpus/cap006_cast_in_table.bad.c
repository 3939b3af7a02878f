/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct operations {
	int (*send)(int frame);
};

static const struct operations operations = {
	.send = (int (*)(int frame))net_transmit,
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return operations.send(choice);
}

/*
 * check-name: an operations table holds a privileged function without its token
 * check-expect: 9 CAP006
 * check-expect: 9 -Wcast-function-type-strict
 */
