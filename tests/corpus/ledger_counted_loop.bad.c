/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct buffer *buffer = buffer_take(choice);

	if (!buffer)
		return -1;
	for (int round = 0; round < 8; round++)
		choice += round;
	if (buffer_fill(buffer, choice) < 0)
		return -2;
	buffer_give(buffer);
	return 0;
}

/*
 * check-name: an early return behind a loop of eight rounds keeps a buffer
 * check-expect: 18 RES001
 */
