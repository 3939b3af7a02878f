/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct buffer *buffer = buffer_take(choice);

	if (buffer && buffer_fill(buffer, choice) < 0)
		buffer = buffer_take(1);
	if (buffer)
		buffer_give(buffer);
	return 0;
}

/*
 * check-name: a pointer to a held buffer is overwritten
 * check-expect: 14 RES001
 */
