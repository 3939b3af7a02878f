/* SPDX-License-Identifier: MIT
 *
 * What has arrived on a connection and was not received yet lies in memory of the connection's, so
 * that who does not read keeps no frame's buffer.
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/string.h>
#include <lwip/pbuf.h>
#include <services/inet/socket.h>

static uint32_t place(uint64_t index)
{
	return (uint32_t)index % INET_RING_SIZE;
}

static uint32_t least(uint64_t one, uint64_t other)
{
	return (uint32_t)(one < other ? one : other);
}

bool inet_ring_add(struct inet_ring *ring, const struct pbuf *packet)
{
	uint32_t at = place(ring->first + ring->count), size = packet->tot_len, before_end;

	if (!ring->bytes)
		ring->bytes = core_alloc(INET_RING_SIZE);
	if (!ring->bytes || size > INET_RING_SIZE - ring->count)
		return false;
	before_end = least(size, INET_RING_SIZE - at);
	pbuf_copy_partial(packet, ring->bytes + at, (u16_t)before_end, 0);
	if (before_end < size)
		pbuf_copy_partial(packet, ring->bytes, (u16_t)(size - before_end),
		                  (u16_t)before_end);
	ring->count += size;
	return true;
}

uint32_t inet_ring_copy(const struct inet_ring *ring, uint64_t from, void *bytes, uint64_t size)
{
	uint32_t at, count, before_end;

	if (from >= ring->count)
		return 0;
	at = place(ring->first + from);
	count = least(size, ring->count - from);
	before_end = least(count, INET_RING_SIZE - at);
	memcpy(bytes, ring->bytes + at, before_end);
	memcpy((char *)bytes + before_end, ring->bytes, count - before_end);
	return count;
}

uint32_t inet_ring_take(struct inet_ring *ring, uint64_t size)
{
	uint32_t count = least(size, ring->count);

	ring->first = place(ring->first + count);
	ring->count -= count;
	return count;
}

void inet_ring_destroy(struct inet_ring *ring)
{
	core_free(ring->bytes);
	ring->bytes = NULL;
	ring->count = 0;
}
