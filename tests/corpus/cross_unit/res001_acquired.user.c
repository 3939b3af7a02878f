/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);
struct buffer *filled(int choice);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return filled(choice) ? choice : -1;
}

/*
 * check-name: what the other file's function acquired is not released
 * check-expect: 12 RES001
 */
