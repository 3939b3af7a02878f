/* SPDX-License-Identifier: MIT
 *
 * A split virtqueue: the core's side of it. The rings lie in memory that the device writes, so
 * nothing that is read from them is believed: which buffers are the device's, and how they hang
 * together, is kept beside the rings. Proved for any contents of the rings, which may change
 * between two readings (frama/virtqueue_spec.h).
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, 2.6.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/device/descriptor_set.h>

/* Where a buffer is, as the device sees it. */
struct queue_segment {
	uint64_t address;
	uint32_t size;
	bool from_device; /* the device writes it; such segments come last */
};

/* Flags of a descriptor: the chain goes on; the device writes the buffer. */
#define DESCRIPTOR_NEXT  1u
#define DESCRIPTOR_WRITE 2u

/* The shapes that the device knows (2.6.5, 2.6.6, 2.6.8). Little-endian, as this machine is. */
struct virtq_descriptor {
	uint32_t address_low, address_high; /* in halves, as the registers take addresses too */
	uint32_t size;
	uint16_t flags, next;
};

struct virtq_available {
	uint16_t flags, index;
	uint16_t ring[VIRTQUEUE_SIZE_MAX];
};

struct virtq_used_element {
	uint32_t id, size;
};

struct virtq_used {
	uint16_t flags, index;
	struct virtq_used_element ring[VIRTQUEUE_SIZE_MAX];
};

/* In pages that the device reads and writes. Only the used ring is ever read here; the qualifier
 * is also how the proof knows that it changes. */
struct virtq_rings {
	struct virtq_descriptor descriptors[VIRTQUEUE_SIZE_MAX];
	struct virtq_available available;
	volatile struct virtq_used used;
};

/* What is known of the chain that starts with a descriptor, while the device has it. */
struct virtq_chain {
	uint64_t tag;                  /* whose it is */
	uint64_t writable;             /* bytes that the device may write */
	struct descriptor_set members; /* none: the device has no chain that starts here */
};

/* Owned by whoever has the device's lock. Each descriptor below the size is free, or in one chain
 * that the device has. */
struct virtqueue {
	struct virtq_rings *rings;
	struct virtq_chain *chains; /* VIRTQUEUE_SIZE_MAX, by the first descriptor */
	struct descriptor_set free;
	uint16_t size;      /* a power of two, at most VIRTQUEUE_SIZE_MAX */
	uint16_t available; /* where the next chain is made available */
	uint16_t used;      /* up to where the device's answers were taken */
};

/* Empty. rings: zeroed; chains: VIRTQUEUE_SIZE_MAX of them, in memory that no device reaches. */
void virtqueue_init(struct virtqueue *queue, struct virtq_rings *rings, struct virtq_chain *chains,
                    uint16_t size);

/* The descriptor that the next chain will start with, or VIRTQUEUE_NONE: none is free. */
uint16_t virtqueue_first(const struct virtqueue *queue);

/* Lend a chain to the device, which may look at it at once: true; false when so many descriptors
 * are not free. count >= 1. */
bool __must_check virtqueue_add(struct virtqueue *queue, const struct queue_segment *segments,
                                uint16_t count, uint64_t tag);

/* The next chain that the device gave back: 1, its tag, how many bytes the device says it wrote
 * (no more than it was lent), and the descriptor that it began with; 0 when there is none; -EIO
 * when the device says what cannot be, and is not to be listened to any more. */
int __must_check virtqueue_take(struct virtqueue *queue, uint64_t *tag, uint32_t *written,
                                uint16_t *head);
