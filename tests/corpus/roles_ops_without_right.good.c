/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int call(const struct driver *driver, CAP(net_access) net, int frame)
{
	cap_validate(net_access, net);
	return driver->raw(frame + (int)sizeof(net));
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	static const struct driver driver;

	(void)net, (void)block, (void)machine, (void)choice;
	return call(&driver, net, choice);
}

/*
 * check-name: a guarded function pointer is called without the right
 * check-expect: nothing
 */
