/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int queue_push(int number);
int queue_block(CAP(block_access) cap, int number);

int queue_block(CAP(block_access) cap, int number)
{
	cap_validate(block_access, cap);
	__asm__ volatile("mfence" ::: "memory");
	return number;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return queue_block(block, choice);
}

/*
 * check-name: a privileged function runs an instruction before it validates
 * check-expect: nothing
 */
