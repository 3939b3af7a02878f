/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int log_message(const char *format, ...);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return log_message("sent with", choice);
}

/*
 * check-name: its number is
 * check-expect: nothing
 */
