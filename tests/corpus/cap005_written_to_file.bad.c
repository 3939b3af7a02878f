/* SPDX-License-Identifier: MIT */
#include "corpus.h"

long write(int file, const void *buffer, unsigned long size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return (int)write(choice, machine, sizeof(*machine));
}

/*
 * check-name: the bytes of a carrier are written to a file
 * check-expect: 9 CAP005
 */
