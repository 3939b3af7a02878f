/* SPDX-License-Identifier: MIT
 *
 * What a driver may do to its devices: the core's side of the core_device_* and core_queue_* rows
 * of core_calls.def. The gate has validated the token; a unit that is not among the calling
 * service's devices is -ENODEV. The driver never says an address: memory reaches a device as the
 * transfer that the core named to the driver by a tag.
 */
#include <kernel/block/disk.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/service.h>
#include <kernel/device/device.h>
#include <kernel/device/device_queue.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>

/* How often a configuration that changes is read anew. */
#define CONFIG_TRIES_MAX 100

_Static_assert(sizeof(struct virtq_rings) <= PAGE_SIZE, "the rings have a page");
_Static_assert(sizeof(struct virtq_chain) * VIRTQUEUE_SIZE_MAX <= PAGE_SIZE,
               "what is known of the chains has a page");
_Static_assert(sizeof(struct device_ends) * VIRTQUEUE_SIZE_MAX <= PAGE_SIZE,
               "the ends have a page");

int core_do_core_device_reset(CAP(device_registers) cap, uint32_t unit)
{
	struct device *device = device_of(service_current(), unit);
	int error;

	if (!device)
		return -ENODEV;
	mutex_lock(&device->lock);
	device_stop(device);
	error = device->broken ? -EIO : 0;
	if (!error) {
		device->transport->set_status(device, VIRTIO_ACKNOWLEDGE);
		device->transport->set_status(device, VIRTIO_ACKNOWLEDGE | VIRTIO_DRIVER);
	}
	mutex_unlock(&device->lock);
	return error;
}

static int negotiate(struct device *device, uint64_t wanted, uint64_t *agreed)
{
	const struct virtio_transport *transport = device->transport;
	uint8_t status = transport->status(device) | VIRTIO_FEATURES_OK;

	*agreed = transport->features(device) & (wanted | VIRTIO_VERSION_1);
	if (!(*agreed & VIRTIO_VERSION_1))
		return -EIO;
	transport->accept(device, *agreed);
	transport->set_status(device, status);
	return transport->status(device) & VIRTIO_FEATURES_OK ? 0 : -EIO;
}

int core_do_core_device_negotiate(CAP(device_registers) cap, uint32_t unit, uint64_t wanted,
                                  uint64_t *agreed)
{
	struct device *device = device_of(service_current(), unit);
	uint64_t features = 0;
	int error;

	if (!device)
		return -ENODEV;
	mutex_lock(&device->lock);
	error = negotiate(device, wanted, &features);
	mutex_unlock(&device->lock);
	if (copy_to_service(agreed, &features, sizeof(features)))
		panic_caller(CAUSE_wild, "features asked for at a bad address");
	return error;
}

int core_do_core_device_config(CAP(device_registers) cap, uint32_t unit, uint32_t offset,
                               uint64_t *value)
{
	struct device *device = device_of(service_current(), unit);
	uint64_t word = 0;
	uint32_t generation;
	unsigned int tries = 0;

	if (!device)
		return -ENODEV;
	if (offset % sizeof(word) || offset >= device->config_size ||
	    device->config_size - offset < sizeof(word))
		return -EINVAL;
	mutex_lock(&device->lock);
	/* Of one moment (2.4.1). */
	do {
		volatile const uint32_t *halves =
		        (volatile const uint32_t *)(device->config + offset);

		generation = device->transport->config_generation(device);
		word = halves[0] | (uint64_t)halves[1] << 32;
	} while (device->transport->config_generation(device) != generation &&
	         ++tries < CONFIG_TRIES_MAX);
	mutex_unlock(&device->lock);
	if (tries == CONFIG_TRIES_MAX)
		return -EIO;
	if (copy_to_service(value, &word, sizeof(word)))
		panic_caller(CAUSE_wild, "configuration asked for at a bad address");
	return 0;
}

int core_do_core_device_start(CAP(device_registers) cap, uint32_t unit)
{
	struct device *device = device_of(service_current(), unit);
	uint8_t status;

	if (!device)
		return -ENODEV;
	mutex_lock(&device->lock);
	status = device->transport->status(device);
	device->transport->set_status(device, status | VIRTIO_DRIVER_OK);
	mutex_unlock(&device->lock);
	return status & VIRTIO_FEATURES_OK ? 0 : -EINVAL;
}

/* A zeroed page of a queue, which it keeps for good: the queue of the same number has it again
 * after a reset. NULL: there is none. */
static void *own_page(void *page)
{
	paddr_t fresh;

	if (page)
		return memset(page, 0, PAGE_SIZE);
	fresh = page_alloc(core_rights.pages, 0);
	return fresh ? phys_to_virt(fresh) : NULL;
}

/* The largest power of two that the device, the core and the driver all can do. */
static uint16_t size_of(uint16_t most)
{
	uint16_t size = VIRTQUEUE_SIZE_MAX;

	while (size > most)
		size /= 2;
	return size;
}

static int enable(struct device *device, uint32_t number, uint32_t head_size, uint32_t tail_size)
{
	struct device_queue *queue = &device->queues[number];
	uint16_t size = size_of(device->transport->queue_max(device, (uint16_t)number));

	if (size == 0 || device->broken)
		return -EIO;
	queue->rings = own_page(queue->rings);
	queue->chains = own_page(queue->chains);
	queue->ends = own_page(queue->ends);
	if (!queue->rings || !queue->chains || !queue->ends)
		return -ENOMEM;
	virtqueue_init(&queue->queue, queue->rings, queue->chains, size);
	queue->head_size = head_size;
	queue->tail_size = tail_size & ~DEVICE_TAIL_FIRST;
	queue->tail_first = (tail_size & DEVICE_TAIL_FIRST) != 0;
	device->transport->queue_enable(device, (uint16_t)number, size, virt_to_phys(queue->rings));
	return size;
}

int core_do_core_queue_create(CAP(dma_memory) cap, uint32_t where, uint32_t head_size,
                              uint32_t tail_size)
{
	struct device *device = device_of(service_current(), DEVICE_QUEUE_UNIT(where));
	int result;

	if (!device)
		return -ENODEV;
	if (DEVICE_QUEUE_NUMBER(where) >= DEVICE_QUEUES_MAX || head_size > DEVICE_HEAD_MAX ||
	    (tail_size & ~DEVICE_TAIL_FIRST) > DEVICE_TAIL_MAX)
		return -EINVAL;
	mutex_lock(&device->lock);
	result = enable(device, DEVICE_QUEUE_NUMBER(where), head_size, tail_size);
	mutex_unlock(&device->lock);
	return result;
}

/* The queue that the driver means, or NULL. */
static struct device_queue *queue_of(struct device *device, uint32_t where)
{
	uint32_t number = DEVICE_QUEUE_NUMBER(where);

	return number < DEVICE_QUEUES_MAX && device->queues[number].queue.size
	               ? &device->queues[number]
	               : NULL;
}

/* Where the device answers in front of the transfer, it writes all of it: what it reads comes
 * first in a chain (2.6.4.2). */
static bool in_order(const struct device_queue *queue, const struct queue_segment *segments,
                     uint16_t count)
{
	for (uint16_t i = 0; queue->tail_first && i < count; i++)
		if (!segments[i].from_device)
			return false;
	return true;
}

/* The whole request: the driver's bytes, the transfer and the device's answer. Its segments'
 * count, or what the transfer's owner says. */
static int assemble(struct device *device, const struct device_queue *queue,
                    const struct device_ends *ends, uint64_t tag, struct queue_segment *segments)
{
	const struct queue_segment tail = {virt_to_phys(ends->tail), queue->tail_size, true};
	uint16_t count = 0;
	int middle;

	if (queue->head_size)
		segments[count++] =
		        (struct queue_segment){virt_to_phys(ends->head), queue->head_size, false};
	if (queue->tail_size && queue->tail_first)
		segments[count++] = tail;
	middle = device->transfers->lend(device, tag, segments + count);
	if (middle < 0)
		return middle;
	count += (uint16_t)middle;
	if (queue->tail_size && !queue->tail_first)
		segments[count++] = tail;
	return count;
}

/* With the device's lock. */
static int add(struct device *device, uint32_t where, uint64_t tag,
               const uint64_t head[DEVICE_HEAD_MAX / sizeof(uint64_t)])
{
	struct device_queue *queue = queue_of(device, where);
	struct queue_segment segments[TRANSFER_SEGMENTS_MAX + 2];
	struct device_ends *ends;
	uint16_t first;
	int count;

	if (!queue || !device->transfers)
		return -EINVAL;
	first = virtqueue_first(&queue->queue);
	if (first == VIRTQUEUE_NONE)
		return -EAGAIN;
	ends = &queue->ends[first];
	memcpy(ends->head, head, sizeof(ends->head));
	memset(ends->tail, 0xff, sizeof(ends->tail));
	count = assemble(device, queue, ends, tag, segments);
	if (count < 0)
		return count;
	if (count == 0 || !in_order(queue, segments, (uint16_t)count) ||
	    !virtqueue_add(&queue->queue, segments, (uint16_t)count, tag)) {
		device->transfers->withdraw(device, tag);
		return -EAGAIN;
	}
	device->transport->notify(device, (uint16_t)DEVICE_QUEUE_NUMBER(where));
	return 0;
}

int core_do_core_queue_add(CAP(dma_memory) cap, uint32_t where, uint64_t tag, uint64_t head,
                           uint64_t head_end)
{
	struct device *device = device_of(service_current(), DEVICE_QUEUE_UNIT(where));
	const uint64_t words[] = {head, head_end};
	int error;

	if (!device)
		return -ENODEV;
	mutex_lock(&device->lock);
	error = add(device, where, tag, words);
	mutex_unlock(&device->lock);
	return error;
}

/* With the device's lock. */
static int take(struct device *device, uint32_t where, struct queue_answer *answer)
{
	struct device_queue *queue = queue_of(device, where);
	uint16_t head = 0;
	int result;

	if (!queue)
		return -EINVAL;
	result = virtqueue_take(&queue->queue, &answer->tag, &answer->written, &head);
	if (result <= 0)
		return result;
	memcpy(answer->tail, queue->ends[head].tail, queue->tail_size);
	device->transfers->give_back(device, answer->tag,
	                             device_queue_written(queue, answer->written));
	return 1;
}

int core_do_core_queue_take(CAP(dma_memory) cap, uint32_t where, struct queue_answer *answer)
{
	struct device *device = device_of(service_current(), DEVICE_QUEUE_UNIT(where));
	struct queue_answer copy = {0};
	int result;

	if (!device)
		return -ENODEV;
	mutex_lock(&device->lock);
	result = take(device, where, &copy);
	mutex_unlock(&device->lock);
	if (result > 0 && copy_to_service(answer, &copy, sizeof(copy)))
		panic_caller(CAUSE_wild, "an answer asked for at a bad address");
	return result;
}
