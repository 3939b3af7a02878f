/* SPDX-License-Identifier: MIT
 *
 * A split virtqueue: the core's side of it. The rings lie in memory that the device writes, so
 * nothing that is read from them is believed: which buffers are the device's, and how they hang
 * together, is kept beside the rings.
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, 2.6.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

#define VIRTQUEUE_SIZE_MAX 128u /* a power of two */
#define VIRTQUEUE_NONE     0xffffu

/* Where a buffer is, as the device sees it. */
struct queue_segment {
	uint64_t address;
	uint32_t size;
	bool from_device; /* the device writes it; such segments come last */
};

/* The shapes that the device knows (2.6.5, 2.6.6, 2.6.8). Little-endian, as this machine is. */
struct virtq_descriptor {
	uint64_t address;
	uint32_t size;
	uint16_t flags, next;
};

struct virtq_available {
	uint16_t flags, index;
	uint16_t ring[VIRTQUEUE_SIZE_MAX];
};

struct virtq_used {
	uint16_t flags, index;
	struct {
		uint32_t id, size;
	} ring[VIRTQUEUE_SIZE_MAX];
};

/* In pages that the device reads and writes. */
struct virtq_rings {
	struct virtq_descriptor descriptors[VIRTQUEUE_SIZE_MAX];
	struct virtq_available available;
	struct virtq_used used;
};

/* Owned by whoever has the device's lock. */
struct virtqueue {
	struct virtq_rings *rings;
	uint16_t size;                     /* a power of two, at most VIRTQUEUE_SIZE_MAX */
	uint16_t free;                     /* the first free descriptor, or VIRTQUEUE_NONE */
	uint16_t available;                /* where the next chain is made available */
	uint16_t used;                     /* up to where the device's answers were taken */
	uint16_t next[VIRTQUEUE_SIZE_MAX]; /* behind it in its chain, or in the free ones */
	uint64_t tag[VIRTQUEUE_SIZE_MAX];  /* whose chain starts here */
	bool lent[VIRTQUEUE_SIZE_MAX];     /* a chain that the device has starts here */
};

/* Empty. rings: zeroed. */
void virtqueue_init(struct virtqueue *queue, struct virtq_rings *rings, uint16_t size);

/* Lend a chain to the device, which may look at it at once: true; false when so many descriptors
 * are not free. count >= 1. */
bool __must_check virtqueue_add(struct virtqueue *queue, const struct queue_segment *segments,
                                uint16_t count, uint64_t tag);

/* The next chain that the device gave back: 1, its tag, how many bytes the device says it wrote,
 * and the descriptor that it began with; 0 when there is none; -EIO when the device says what
 * cannot be, and is not to be listened to any more. */
int __must_check virtqueue_take(struct virtqueue *queue, uint64_t *tag, uint32_t *written,
                                uint16_t *head);
