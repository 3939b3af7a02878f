/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef long jump_t[8];

int setjmp(jump_t place);

static jump_t place;

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	CAP(net_access) kept;

	(void)net, (void)block, (void)machine, (void)choice;
	kept = net;
	if (setjmp(place))
		return net_transmit(kept, choice);
	kept = net;
	return net_transmit(kept, choice);
}

/*
 * check-name: the second return of setjmp skips the assignment
 * check-expect: nothing
 */
