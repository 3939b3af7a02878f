/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

struct buffer *buffer_take(int size);
void buffer_give(struct buffer *buffer);
int buffer_fill(struct buffer *buffer, int choice);
struct buffer *filled(int choice);

struct buffer *filled(int choice)
{
	struct buffer *buffer = buffer_take(choice);

	if (buffer)
		buffer_fill(buffer, choice);
	return buffer;
}
