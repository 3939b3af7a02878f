/* SPDX-License-Identifier: MIT */
#include "corpus.h"

CAP(net_access) read_number(int which);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) (*read)(int which) =
	        (CAP(net_access) (*)(int which))read_number;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(read(choice), choice);
}

/*
 * check-name: a cast makes a function return a token
 * check-expect: nothing
 */
