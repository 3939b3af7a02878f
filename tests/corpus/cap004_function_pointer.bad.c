/* SPDX-License-Identifier: MIT */
#include "corpus.h"

long *find_numbers(int which);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct machine *(*find)(int which) =
	        (struct machine *(*)(int which))find_numbers;

	(void)net, (void)block, (void)machine, (void)choice;
	return net_transmit(find(choice)->link.net, choice);
}

/*
 * check-name: a cast makes a function return a pointer to a carrier
 * check-expect: 9 CAP004
 * check-expect: 9 -Wcast-function-type-strict
 */
