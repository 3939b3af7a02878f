/* SPDX-License-Identifier: MIT */
#include "corpus.h"

extern int (*write_bytes)(const void *bytes, size_t size);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return write_bytes(&machine->link, sizeof(machine->link));
}

/*
 * check-name: a pointer to a function that reads any bytes is given a carrier
 * check-expect: 9 CAP005
 */
