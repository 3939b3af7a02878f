/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) copy;

	(void)net, (void)block, (void)machine, (void)choice;
	switch (choice) {
	case 1:
		copy = net;
		break;
	case 2:
		copy = machine->link.net;
		break;
	}
	return net_transmit(copy, choice);
}

/*
 * check-name: a switch without a default assigns the token
 * check-expect: 17 CAP001
 */
