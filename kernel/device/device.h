/* SPDX-License-Identifier: MIT
 *
 * The virtio devices of the machine: found at boot, each given to the one driver that the
 * manifest names for its kind. The core has their registers and queues; a driver reaches both
 * through its tokens (core_calls.def), and its own devices only.
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, 2 to 4.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <kernel/device/virtqueue.h>
#include <kernel/sync/mutex.h>
#include <kernel/sync/wait_queue.h>

#define DEVICES_MAX       24u
#define DEVICE_QUEUES_MAX 4u

/* Kinds of device (5). */
#define VIRTIO_NETWORK 1u
#define VIRTIO_BLOCK   2u
#define VIRTIO_ENTROPY 4u

/* Of the device status (2.1). */
#define VIRTIO_ACKNOWLEDGE 1u
#define VIRTIO_DRIVER      2u
#define VIRTIO_DRIVER_OK   4u
#define VIRTIO_FEATURES_OK 8u
#define VIRTIO_NEEDS_RESET 64u
#define VIRTIO_FAILED      128u

#define VIRTIO_VERSION_1 (1UL << 32) /* a feature that every device here must have (6) */

struct device;
struct service;

/* The transfers that a device's requests are about: the block layer's or an interface's. With the
 * device's lock. */
struct device_transfers {
	/* The segments (TRANSFER_SEGMENTS_MAX of them fit) of what the driver hands to the device,
	 * which has its memory from then on: their count; -EINVAL when it is none of this device's,
	 * or lent already. */
	int (*lend)(const struct device *device, uint64_t tag, struct queue_segment *segments);
	/* It was not handed over after all. */
	void (*withdraw)(const struct device *device, uint64_t tag);
	/* The device has given it back, and says that it wrote so many bytes of it. */
	void (*give_back)(const struct device *device, uint64_t tag, uint32_t written);
	/* The device does not stop: what it was lent is never given out again. */
	void (*keep_lent)(const struct device *device);
};

/* How the registers are laid out: virtio_mmio.c, virtio_pci.c. With the device's lock, but for
 * acknowledge. */
struct virtio_transport {
	const char *name;
	uint8_t (*status)(struct device *device);
	void (*set_status)(struct device *device, uint8_t status);
	uint64_t (*features)(struct device *device);
	void (*accept)(struct device *device, uint64_t features);
	/* The largest size of a queue, 0 when there is no such queue. */
	uint16_t (*queue_max)(struct device *device, uint16_t queue);
	void (*queue_enable)(struct device *device, uint16_t queue, uint16_t size, paddr_t rings);
	void (*notify)(struct device *device, uint16_t queue);
	uint32_t (*config_generation)(struct device *device);
	/* In the handler of its interrupt. */
	void (*acknowledge)(struct device *device);
	/* Take its interrupts, or not for a while. NULL: each is one message. */
	void (*admit)(struct device *device, bool admitted);
};

/* The bytes that each request of a queue begins and ends with: what the driver says to the device,
 * and what the device answers. Between them lies the transfer's memory, which the driver does
 * not see. */
#define DEVICE_HEAD_MAX 16u
#define DEVICE_TAIL_MAX 16u

struct device_ends {
	uint8_t head[DEVICE_HEAD_MAX], tail[DEVICE_TAIL_MAX];
};

struct device_queue {
	struct virtqueue queue; /* size 0: there is none */
	uint32_t head_size, tail_size;
	bool tail_first; /* the tail lies in front of the transfer */
	/* A page each, NULL before the queue was first made. */
	struct virtq_rings *rings;
	struct virtq_chain *chains;
	struct device_ends *ends; /* by the first descriptor of the chain */
};

struct device {
	const struct virtio_transport *transport;
	uint32_t kind;
	struct service *driver;                   /* NULL: nobody's */
	uint32_t unit;                            /* among the devices of its driver */
	const struct device_transfers *transfers; /* NULL: nobody uses it yet */
	/* The windows of its registers. MMIO has one. */
	volatile uint8_t *registers, *notify_base, *interrupt_status, *config;
	uint32_t config_size, notify_size, notify_step;
	struct mutex lock; /* the registers and queues */
	struct device_queue queues[DEVICE_QUEUES_MAX];
	bool broken;         /* it did not stop when it was reset: it is left alone for good */
	uint64_t epoch;      /* how often it was reset: what was lent before is nobody's */
	uint32_t interrupts; /* how many came; atomic */
	uint32_t since_tick; /* how many of them; the boot CPU's */
	unsigned int line;   /* of the machine, where it has one */
	struct wait_queue answered; /* an interrupt came */
};

/* Of the bytes that the device says it wrote, those of the transfer. */
static inline uint32_t device_queue_written(const struct device_queue *queue, uint32_t written)
{
	if (!queue->tail_first)
		return written;
	return written > queue->tail_size ? written - queue->tail_size : 0;
}

/* Look for devices and give them to their drivers. Boot CPU, once, before services start. */
void devices_find(void);

/* Add what was found: a device of the kind, or NULL when there are too many. */
struct device *device_add(const struct virtio_transport *transport, uint32_t kind);
void virtio_mmio_find(void);
void virtio_pci_find(void);

/* The number of its interrupt's vector, from 0. */
unsigned int device_vector(const struct device *device);
/* The interrupt with this number came. In its handler. */
void device_interrupt(unsigned int vector);
/* At each tick of the boot CPU: whose line was up too often is listened to again. */
void devices_tick(void);

/* A driver's device, or NULL. */
struct device *device_of(const struct service *driver, uint32_t unit);

/* Reset it. What it had given back before is its transfers' owner's to know. One that does not stop
 * in time is broken from then on: it may still write the memory that it was lent, which nobody else
 * gets any more. With its lock. */
void device_stop(struct device *device);

/* A number that is another when the device has changed its configuration. */
uint32_t device_generation(struct device *device);

/* The devices of a service stop: nothing is lent to them any more. Before its memory goes. May
 * sleep. */
void devices_reset(struct service *driver);
