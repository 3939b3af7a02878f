/* SPDX-License-Identifier: MIT
 *
 * The ring between a slave's line and its master.
 */
#include <kernel/tty/pty.h>

size_t pty_output_count(const struct pty *pty)
{
	return __atomic_load_n(&pty->tail, __ATOMIC_ACQUIRE) -
	       __atomic_load_n(&pty->head, __ATOMIC_ACQUIRE);
}

size_t pty_output_room(const struct pty *pty)
{
	size_t used = pty_output_count(pty) + PTY_ECHO_BYTES;

	return used < PTY_OUTPUT_BYTES ? PTY_OUTPUT_BYTES - used : 0;
}

void pty_output_put(struct pty *pty, const char *bytes, size_t size)
{
	uint32_t tail = pty->tail;

	for (size_t i = 0; i < size && tail - pty->head < PTY_OUTPUT_BYTES; i++)
		pty->output[tail++ % PTY_OUTPUT_BYTES] = (uint8_t)bytes[i];
	__atomic_store_n(&pty->tail, tail, __ATOMIC_RELEASE);
}

void pty_output_discard(struct pty *pty)
{
	__atomic_store_n(&pty->head, pty->tail, __ATOMIC_RELEASE);
}

size_t pty_output_take(struct pty *pty, char *bytes, size_t size)
{
	uint32_t head = pty->head;
	size_t count = 0;

	while (count < size && head != pty->tail)
		bytes[count++] = (char)pty->output[head++ % PTY_OUTPUT_BYTES];
	__atomic_store_n(&pty->head, head, __ATOMIC_RELEASE);
	return count;
}
