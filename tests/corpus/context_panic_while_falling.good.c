/* SPDX-License-Identifier: MIT */
#include <aramid/context.h>

#include "corpus.h"

int give_back(int number) MAY_PANIC;
int note(int number);
int land(int number) NEVER_PANICS;

int land(int number)
{
	return note(number);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return choice;
}

/*
 * check-name: a function that never panics calls one that may
 * check-expect: nothing
 */
