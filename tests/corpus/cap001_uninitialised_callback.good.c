/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int forward(CAP(net_access) cap, int frame)
{
	CAP(net_access) other = cap;

	(void)cap;
	return net_transmit(other, frame);
}

static const struct driver driver = {.transmit = forward};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return driver.transmit(net, choice);
}

/*
 * check-name: a callback in an operations table forges
 * check-expect: nothing
 */
