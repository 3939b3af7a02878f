/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int forward(CAP(net_access) cap, int frame)
{
	(void)cap;
	return frame;
}

static const struct driver driver = {.transmit = forward};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return driver.transmit(net, choice);
}

/*
 * check-name: an operations table takes a function without the token
 * check-expect: nothing
 */
