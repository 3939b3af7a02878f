/* SPDX-License-Identifier: MIT
 *
 * virtio over MMIO: one window of registers a device, as the DSDT lists them.
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, 4.2.2.
 */
#include <arch/acpi.h>
#include <arch/apic.h>
#include <arch/device_map.h>
#include <kernel/device/device.h>
#include <kernel/log/log.h>

enum {
	REGISTER_MAGIC = 0x000,
	REGISTER_VERSION = 0x004,
	REGISTER_KIND = 0x008,
	REGISTER_FEATURES = 0x010,
	REGISTER_FEATURES_SELECT = 0x014,
	REGISTER_ACCEPT = 0x020,
	REGISTER_ACCEPT_SELECT = 0x024,
	REGISTER_QUEUE_SELECT = 0x030,
	REGISTER_QUEUE_MAX = 0x034,
	REGISTER_QUEUE_SIZE = 0x038,
	REGISTER_QUEUE_READY = 0x044,
	REGISTER_NOTIFY = 0x050,
	REGISTER_INTERRUPT_STATUS = 0x060,
	REGISTER_INTERRUPT_ACKNOWLEDGE = 0x064,
	REGISTER_STATUS = 0x070,
	REGISTER_QUEUE_DESCRIPTORS = 0x080,
	REGISTER_QUEUE_AVAILABLE = 0x090,
	REGISTER_QUEUE_USED = 0x0a0,
	REGISTER_CONFIG_GENERATION = 0x0fc,
	CONFIG = 0x100,
};

#define MAGIC   0x74726976 /* "virt" */
#define VERSION 2

static uint32_t read32(const struct device *device, unsigned int offset)
{
	return *(volatile uint32_t *)(device->registers + offset);
}

static void write32(const struct device *device, unsigned int offset, uint32_t value)
{
	*(volatile uint32_t *)(device->registers + offset) = value;
}

static uint8_t status(struct device *device)
{
	return (uint8_t)read32(device, REGISTER_STATUS);
}

static void set_status(struct device *device, uint8_t value)
{
	write32(device, REGISTER_STATUS, value);
}

static uint64_t features(struct device *device)
{
	uint64_t value;

	write32(device, REGISTER_FEATURES_SELECT, 1);
	value = (uint64_t)read32(device, REGISTER_FEATURES) << 32;
	write32(device, REGISTER_FEATURES_SELECT, 0);
	return value | read32(device, REGISTER_FEATURES);
}

static void accept(struct device *device, uint64_t value)
{
	write32(device, REGISTER_ACCEPT_SELECT, 0);
	write32(device, REGISTER_ACCEPT, (uint32_t)value);
	write32(device, REGISTER_ACCEPT_SELECT, 1);
	write32(device, REGISTER_ACCEPT, (uint32_t)(value >> 32));
}

static uint16_t queue_max(struct device *device, uint16_t queue)
{
	uint32_t most;

	write32(device, REGISTER_QUEUE_SELECT, queue);
	most = read32(device, REGISTER_QUEUE_MAX);
	return (uint16_t)(most < UINT16_MAX ? most : UINT16_MAX);
}

static void set_address(const struct device *device, unsigned int offset, uint64_t address)
{
	write32(device, offset, (uint32_t)address);
	write32(device, offset + 4, (uint32_t)(address >> 32));
}

static void queue_enable(struct device *device, uint16_t queue, uint16_t size, paddr_t rings)
{
	write32(device, REGISTER_QUEUE_SELECT, queue);
	write32(device, REGISTER_QUEUE_SIZE, size);
	set_address(device, REGISTER_QUEUE_DESCRIPTORS,
	            rings + offsetof(struct virtq_rings, descriptors));
	set_address(device, REGISTER_QUEUE_AVAILABLE,
	            rings + offsetof(struct virtq_rings, available));
	set_address(device, REGISTER_QUEUE_USED, rings + offsetof(struct virtq_rings, used));
	write32(device, REGISTER_QUEUE_READY, 1);
}

static void notify(struct device *device, uint16_t queue)
{
	write32(device, REGISTER_NOTIFY, queue);
}

static uint32_t config_generation(struct device *device)
{
	return read32(device, REGISTER_CONFIG_GENERATION);
}

static void acknowledge(struct device *device)
{
	uint32_t why = read32(device, REGISTER_INTERRUPT_STATUS);

	write32(device, REGISTER_INTERRUPT_ACKNOWLEDGE, why);
}

static void admit(struct device *device, bool admitted)
{
	ioapic_admit(device->line, admitted);
}

static const struct virtio_transport mmio = {
        .name = "mmio",
        .status = status,
        .set_status = set_status,
        .features = features,
        .accept = accept,
        .queue_max = queue_max,
        .queue_enable = queue_enable,
        .notify = notify,
        .config_generation = config_generation,
        .acknowledge = acknowledge,
        .admit = admit,
};

static void add(const struct acpi_virtio_window *window)
{
	struct device found = {0};
	struct device *device;
	uint32_t kind;

	if (window->size < CONFIG)
		return;
	found.registers = device_map(window->address, window->size);
	if (!found.registers || read32(&found, REGISTER_MAGIC) != MAGIC)
		return;
	kind = read32(&found, REGISTER_KIND);
	if (kind == 0)
		return; /* a window without a device behind it */
	if (read32(&found, REGISTER_VERSION) != VERSION) {
		log_line("virtio: the device at %x is a legacy one, which is not supported",
		         window->address);
		return;
	}
	device = device_add(&mmio, kind);
	if (!device)
		return;
	device->registers = found.registers;
	device->config = found.registers + CONFIG;
	device->config_size = window->size - CONFIG;
	device->line = window->line;
	if (!ioapic_route(window->line, (uint8_t)(VECTOR_DEVICE + device_vector(device)),
	                  window->level))
		log_line("virtio: no controller has the interrupt %u", window->line);
}

void virtio_mmio_find(void)
{
	for (unsigned int i = 0; i < acpi_machine.window_count; i++)
		add(&acpi_machine.windows[i]);
}
