/* SPDX-License-Identifier: MIT
 *
 * Chains of descriptors: free ones, and those that the device has.
 */
#include <kernel/device/virtqueue.h>
#include <kernel/lib/errno.h>

#define DESCRIPTOR_NEXT  1u
#define DESCRIPTOR_WRITE 2u

void virtqueue_init(struct virtqueue *queue, struct virtq_rings *rings, uint16_t size)
{
	queue->rings = rings;
	queue->size = size;
	queue->free = 0;
	queue->available = queue->used = 0;
	for (uint16_t i = 0; i < size; i++) {
		queue->next[i] = i + 1u < size ? (uint16_t)(i + 1) : (uint16_t)VIRTQUEUE_NONE;
		queue->lent[i] = false;
	}
}

/* Whether so many are free. */
static bool has_free(const struct virtqueue *queue, uint16_t count)
{
	uint16_t at = queue->free;

	for (uint16_t i = 0; i < count; i++) {
		if (at >= queue->size)
			return false;
		at = queue->next[at];
	}
	return true;
}

bool virtqueue_add(struct virtqueue *queue, const struct queue_segment *segments, uint16_t count,
                   uint64_t tag)
{
	struct virtq_rings *rings = queue->rings;
	uint16_t head = queue->free, at = head, last = head;

	if (!has_free(queue, count))
		return false;
	for (uint16_t i = 0; i < count; i++) {
		rings->descriptors[at] = (struct virtq_descriptor){
		        .address = segments[i].address,
		        .size = segments[i].size,
		        .flags = (uint16_t)((segments[i].from_device ? DESCRIPTOR_WRITE : 0) |
		                            (i + 1u < count ? DESCRIPTOR_NEXT : 0)),
		        .next = i + 1u < count ? queue->next[at] : 0,
		};
		last = at;
		at = queue->next[at];
	}
	queue->free = at;
	queue->next[last] = VIRTQUEUE_NONE;
	queue->tag[head] = tag;
	queue->lent[head] = true;
	rings->available.ring[queue->available % queue->size] = head;
	queue->available++;
	/* The device sees the chain before it sees that there is one. */
	__atomic_store_n(&rings->available.index, queue->available, __ATOMIC_SEQ_CST);
	return true;
}

/* A chain that came back is free again. */
static void give_back(struct virtqueue *queue, uint16_t head)
{
	uint16_t last = head;

	while (queue->next[last] < queue->size)
		last = queue->next[last];
	queue->next[last] = queue->free;
	queue->free = head;
	queue->lent[head] = false;
}

int virtqueue_take(struct virtqueue *queue, uint64_t *tag, uint32_t *written, uint16_t *head)
{
	const struct virtq_used *used = &queue->rings->used;
	uint16_t index = __atomic_load_n(&used->index, __ATOMIC_ACQUIRE);
	uint32_t id;

	if (index == queue->used)
		return 0;
	/* Each is read once: the device may change it. */
	id = __atomic_load_n(&used->ring[queue->used % queue->size].id, __ATOMIC_RELAXED);
	*written = __atomic_load_n(&used->ring[queue->used % queue->size].size, __ATOMIC_RELAXED);
	if (id >= queue->size || !queue->lent[id])
		return -EIO;
	*tag = queue->tag[id];
	*head = (uint16_t)id;
	give_back(queue, *head);
	queue->used++;
	return 1;
}
