/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	for (int i = 0; i < choice; i++) {
		struct buffer *buffer = buffer_take(i);

		if (!buffer)
			break;
		if (buffer_fill(buffer, i) < 0)
			return i;
		buffer_give(buffer);
	}
	return 0;
}

/*
 * check-name: a loop leaves one round without a release
 * check-expect: 17 RES001
 */
