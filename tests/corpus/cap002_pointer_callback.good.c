/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct observer {
	void (*notify)(CAP(net_access) net, int unit);
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct observer observer = {0};

	(void)net, (void)block, (void)machine, (void)choice;
	return observer.notify ? 1 : choice;
}

/*
 * check-name: a callback takes a pointer to a token
 * check-expect: nothing
 */
