/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);

static struct buffer *filled(int choice)
{
	struct buffer *buffer = buffer_take(choice);

	if (buffer)
		buffer_fill(buffer, choice);
	return buffer;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct buffer *buffer = filled(choice);

	if (!buffer)
		return -1;
	choice = buffer_fill(buffer, 2);
	if (choice > 1)
		return choice;
	buffer_give(buffer);
	return 0;
}

/*
 * check-name: what a helper acquired is not released
 * check-expect: 26 RES001
 */
