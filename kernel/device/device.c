/* SPDX-License-Identifier: MIT
 *
 * The table of devices. It is filled at boot and does not change afterwards.
 */
#include <arch/apic.h>
#include <kernel/boundary/service.h>
#include <kernel/device/device.h>
#include <kernel/log/log.h>
#include <kernel/time/time.h>

/* What a device has to end what it is at: QEMU's take well under a millisecond. */
#define RESET_PATIENCE NS_PER_SECOND

/* Interrupts of a device that are taken between two ticks: a line that its device never lowers
 * brings no end of them. */
#define INTERRUPTS_MOST 200u

static struct device devices[DEVICES_MAX];
static unsigned int device_count;

_Static_assert(DEVICES_MAX <= DEVICE_VECTORS, "each has a vector of its own");

static struct service *driver_of(uint32_t kind)
{
	for (unsigned int i = 0; i < service_count; i++)
		if (services[i].drives == kind)
			return &services[i];
	return NULL;
}

struct device *device_add(const struct virtio_transport *transport, uint32_t kind)
{
	struct device *device = &devices[device_count];

	if (device_count == DEVICES_MAX) {
		log_line("virtio: more than %u devices: one is left out", DEVICES_MAX);
		return NULL;
	}
	device->transport = transport;
	device->kind = kind;
	device->driver = driver_of(kind);
	for (unsigned int i = 0; i < device_count; i++)
		device->unit += devices[i].driver == device->driver;
	mutex_init(&device->lock);
	wait_queue_init(&device->answered);
	device_count++;
	return device;
}

void devices_find(void)
{
	virtio_mmio_find();
	virtio_pci_find();
	for (unsigned int i = 0; i < device_count; i++)
		log_line("virtio: a device of kind %u (%s), driven by %s", devices[i].kind,
		         devices[i].transport->name,
		         devices[i].driver ? devices[i].driver->name : "nobody");
}

unsigned int device_vector(const struct device *device)
{
	return (unsigned int)(device - devices);
}

void device_interrupt(unsigned int vector)
{
	struct device *device = &devices[vector];

	if (vector >= device_count)
		return;
	device->transport->acknowledge(device);
	__atomic_fetch_add(&device->interrupts, 1, __ATOMIC_RELEASE);
	wake_all(&device->answered);
	if (++device->since_tick == INTERRUPTS_MOST && device->transport->admit)
		device->transport->admit(device, false);
}

void devices_tick(void)
{
	for (unsigned int i = 0; i < device_count; i++) {
		struct device *device = &devices[i];

		if (device->since_tick >= INTERRUPTS_MOST && device->transport->admit)
			device->transport->admit(device, true);
		device->since_tick = 0;
	}
}

struct device *device_of(const struct service *driver, uint32_t unit)
{
	for (unsigned int i = 0; i < device_count; i++)
		if (devices[i].driver == driver && devices[i].unit == unit)
			return &devices[i];
	return NULL;
}

/* Once it says so, it has ended what it was at (2.4.1). */
static bool is_stopped(struct device *device)
{
	uint64_t deadline = time_now() + RESET_PATIENCE;

	while (device->transport->status(device) != 0) {
		if (time_now() > deadline)
			return false;
		cpu_relax();
	}
	return true;
}

/* What a stopped device has given back and nobody has taken: it is not to be done again. */
static void take_rest(struct device *device, struct device_queue *queue)
{
	uint64_t tag;
	uint32_t written;
	uint16_t head;

	while (queue->queue.size && virtqueue_take(&queue->queue, &tag, &written, &head) > 0)
		device->transfers->give_back(device, tag, device_queue_written(queue, written));
}

void device_stop(struct device *device)
{
	if (device->broken)
		return;
	device->transport->set_status(device, 0);
	if (!is_stopped(device)) {
		log_line("virtio: device %u does not stop and is left alone",
		         device_vector(device));
		device->broken = true;
		if (device->transfers)
			device->transfers->keep_lent(device);
	}
	for (unsigned int i = 0; i < DEVICE_QUEUES_MAX; i++) {
		if (!device->broken)
			take_rest(device, &device->queues[i]);
		device->queues[i].queue.size = 0;
	}
	device->epoch++;
}

uint32_t device_generation(struct device *device)
{
	uint32_t generation;

	mutex_lock(&device->lock);
	generation = device->transport->config_generation(device);
	mutex_unlock(&device->lock);
	return generation;
}

void devices_reset(struct service *driver)
{
	for (unsigned int i = 0; i < device_count; i++) {
		if (devices[i].driver != driver)
			continue;
		mutex_lock(&devices[i].lock);
		device_stop(&devices[i]);
		mutex_unlock(&devices[i].lock);
		wake_all(&devices[i].answered);
	}
}
