/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);

struct work {
	struct buffer *buffer;
	int number;
};

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	struct work work = {buffer_take(choice), choice};

	if (!work.buffer)
		return -1;
	if (buffer_fill(work.buffer, work.number) < 0) {
		buffer_give(work.buffer);
		return -2;
	}
	buffer_give(work.buffer);
	return 0;
}

/*
 * check-name: a buffer in a local struct is not released
 * check-expect: nothing
 */
