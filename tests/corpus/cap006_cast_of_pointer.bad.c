/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	int (*send)(CAP(net_access) cap, int frame) = net_transmit;

	(void)net, (void)block, (void)machine, (void)choice;
	return ((int (*)(int frame))send)(choice);
}

/*
 * check-name: a pointer to a privileged function is cast
 * check-expect: 9 CAP006
 * check-expect: 9 -Wcast-function-type-strict
 */
