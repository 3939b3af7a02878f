/* SPDX-License-Identifier: MIT
 *
 * virtio over PCI: the registers lie in windows of the device's BARs, which its capabilities
 * name. Modern devices, and transitional ones as such. Interrupts are messages (MSI-X).
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, 4.1.
 */
#include <arch/apic.h>
#include <arch/device_map.h>
#include <arch/pci.h>
#include <kernel/device/device.h>
#include <kernel/log/log.h>

#define VENDOR          0x1af4
#define FIRST_ID        0x1000 /* transitional: the subsystem says which kind it is */
#define FIRST_MODERN_ID 0x1040 /* and the kind */
#define LAST_ID         0x107f

/* Kinds of window (cfg_type), in the capability of vendors. */
enum { WINDOW_COMMON = 1, WINDOW_NOTIFY, WINDOW_INTERRUPT, WINDOW_DEVICE, WINDOW_COUNT };

/* struct virtio_pci_common_cfg (4.1.4.3). */
enum {
	COMMON_FEATURES_SELECT = 0,
	COMMON_FEATURES = 4,
	COMMON_ACCEPT_SELECT = 8,
	COMMON_ACCEPT = 12,
	COMMON_CONFIG_VECTOR = 16,
	COMMON_STATUS = 20,
	COMMON_CONFIG_GENERATION = 21,
	COMMON_QUEUE_SELECT = 22,
	COMMON_QUEUE_SIZE = 24,
	COMMON_QUEUE_VECTOR = 26,
	COMMON_QUEUE_ENABLE = 28,
	COMMON_QUEUE_NOTIFY = 30,
	COMMON_QUEUE_DESCRIPTORS = 32,
	COMMON_QUEUE_AVAILABLE = 40,
	COMMON_QUEUE_USED = 48,
	COMMON_SIZE = 56,
};

#define NO_VECTOR  0xffff
#define THE_VECTOR 0 /* of the device's own table */

#define COMMON8(device, offset)  (*(volatile uint8_t *)((device)->registers + (offset)))
#define COMMON16(device, offset) (*(volatile uint16_t *)((device)->registers + (offset)))
#define COMMON32(device, offset) (*(volatile uint32_t *)((device)->registers + (offset)))

static uint8_t status(struct device *device)
{
	return COMMON8(device, COMMON_STATUS);
}

static void set_status(struct device *device, uint8_t value)
{
	COMMON8(device, COMMON_STATUS) = value;
}

static uint64_t features(struct device *device)
{
	uint64_t value;

	COMMON32(device, COMMON_FEATURES_SELECT) = 1;
	value = (uint64_t)COMMON32(device, COMMON_FEATURES) << 32;
	COMMON32(device, COMMON_FEATURES_SELECT) = 0;
	return value | COMMON32(device, COMMON_FEATURES);
}

static void accept(struct device *device, uint64_t value)
{
	COMMON32(device, COMMON_ACCEPT_SELECT) = 0;
	COMMON32(device, COMMON_ACCEPT) = (uint32_t)value;
	COMMON32(device, COMMON_ACCEPT_SELECT) = 1;
	COMMON32(device, COMMON_ACCEPT) = (uint32_t)(value >> 32);
}

static uint16_t queue_max(struct device *device, uint16_t queue)
{
	COMMON16(device, COMMON_QUEUE_SELECT) = queue;
	return COMMON16(device, COMMON_QUEUE_SIZE);
}

static void set_address(const struct device *device, unsigned int offset, uint64_t address)
{
	COMMON32(device, offset) = (uint32_t)address;
	COMMON32(device, offset + 4) = (uint32_t)(address >> 32);
}

static void queue_enable(struct device *device, uint16_t queue, uint16_t size, paddr_t rings)
{
	COMMON16(device, COMMON_CONFIG_VECTOR) = THE_VECTOR;
	COMMON16(device, COMMON_QUEUE_SELECT) = queue;
	COMMON16(device, COMMON_QUEUE_SIZE) = size;
	COMMON16(device, COMMON_QUEUE_VECTOR) = THE_VECTOR;
	set_address(device, COMMON_QUEUE_DESCRIPTORS,
	            rings + offsetof(struct virtq_rings, descriptors));
	set_address(device, COMMON_QUEUE_AVAILABLE,
	            rings + offsetof(struct virtq_rings, available));
	set_address(device, COMMON_QUEUE_USED, rings + offsetof(struct virtq_rings, used));
	COMMON16(device, COMMON_QUEUE_ENABLE) = 1;
}

static void notify(struct device *device, uint16_t queue)
{
	uint64_t place;

	COMMON16(device, COMMON_QUEUE_SELECT) = queue;
	place = (uint64_t)COMMON16(device, COMMON_QUEUE_NOTIFY) * device->notify_step;
	if (place + sizeof(queue) <= device->notify_size)
		*(volatile uint16_t *)(device->notify_base + place) = queue;
}

static uint32_t config_generation(struct device *device)
{
	return COMMON8(device, COMMON_CONFIG_GENERATION);
}

/* A message needs no answer. */
static void acknowledge(struct device *device)
{
	(void)device;
}

static const struct virtio_transport pci = {
        .name = "pci",
        .status = status,
        .set_status = set_status,
        .features = features,
        .accept = accept,
        .queue_max = queue_max,
        .queue_enable = queue_enable,
        .notify = notify,
        .config_generation = config_generation,
        .acknowledge = acknowledge,
};

struct window {
	volatile uint8_t *start;
	uint32_t size;
};

/* The windows that the capabilities name; the first of each kind, which is the preferred one. */
static uint32_t find_windows(struct pci_address at, struct window windows[WINDOW_COUNT])
{
	uint32_t notify_step = 0;

	uint8_t place = pci_capability(at, 0, PCI_CAPABILITY_VENDOR);

	for (unsigned int i = 0; i < PCI_CAPABILITIES_MOST && place;
	     i++, place = pci_capability(at, place, PCI_CAPABILITY_VENDOR)) {
		uint32_t head = pci_read32(at, place), kind = head >> 24;
		uint8_t bar = (uint8_t)pci_read32(at, (uint8_t)(place + 4));
		uint32_t offset = pci_read32(at, (uint8_t)(place + 8));
		uint32_t size = pci_read32(at, (uint8_t)(place + 12));

		if (kind < WINDOW_COMMON || kind >= WINDOW_COUNT || windows[kind].start)
			continue;
		windows[kind] = (struct window){pci_map(at, bar, offset, size), size};
		if (kind == WINDOW_NOTIFY)
			notify_step = pci_read32(at, (uint8_t)(place + 16));
	}
	return notify_step;
}

static void add(struct pci_address at)
{
	uint32_t identity = pci_read32(at, PCI_IDENTITY), id = identity >> 16, notify_step;
	struct window windows[WINDOW_COUNT] = {{0}};
	struct device *device;

	if ((identity & 0xffff) != VENDOR || id < FIRST_ID || id > LAST_ID)
		return;
	pci_enable(at);
	notify_step = find_windows(at, windows);
	if (!windows[WINDOW_COMMON].start || windows[WINDOW_COMMON].size < COMMON_SIZE ||
	    !windows[WINDOW_NOTIFY].start) {
		log_line("virtio: the PCI device %x is a legacy one, which is not supported", id);
		return;
	}
	device = device_add(&pci, id >= FIRST_MODERN_ID ? id - FIRST_MODERN_ID
	                                                : pci_read32(at, PCI_SUBSYSTEM) >> 16);
	if (!device)
		return;
	device->registers = windows[WINDOW_COMMON].start;
	device->notify_base = windows[WINDOW_NOTIFY].start;
	device->notify_size = windows[WINDOW_NOTIFY].size;
	device->notify_step = notify_step;
	device->config = windows[WINDOW_DEVICE].start;
	device->config_size = windows[WINDOW_DEVICE].start ? windows[WINDOW_DEVICE].size : 0;
	if (!pci_message(at, THE_VECTOR, apic_message_address(),
	                 VECTOR_DEVICE + device_vector(device)))
		log_line("virtio: the PCI device %x sends no messages", id);
}

void virtio_pci_find(void)
{
	pci_for_each(add);
}
