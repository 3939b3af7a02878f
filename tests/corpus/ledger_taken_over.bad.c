/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);

void buffer_queue(struct buffer *buffer);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct buffer *buffer = buffer_take(choice);

	if (!buffer)
		return -1;
	buffer_fill(buffer, choice);
	return 0;
}

/*
 * check-name: a path misses the function that takes a buffer over
 * check-expect: 18 RES001
 */
