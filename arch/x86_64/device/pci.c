/* SPDX-License-Identifier: MIT
 *
 * Configuration mechanism 1, and what of a function's header is needed.
 */
#include <stddef.h>

#include <arch/device_map.h>
#include <arch/pci.h>
#include <arch/registers.h>

#define PORT_ADDRESS 0xcf8
#define PORT_DATA    0xcfc

#define COMMAND          0x04 /* status << 16 | command */
#define COMMAND_MEMORY   (1u << 1)
#define COMMAND_MASTER   (1u << 2)
#define COMMAND_NO_LINES (1u << 10)
#define STATUS_LIST      (1u << 20)
#define HEADER_TYPE      0x0e
#define HEADER_BRIDGE    1u
#define HEADER_MANY      0x80u
#define BARS             0x10
#define BAR_COUNT        6
#define BAR_PORTS        1u
#define BAR_64           4u
#define BUSES            0x18
#define CAPABILITIES     0x34

#define CAPABILITY_MSIX 0x11
#define MSIX_ENABLE     (1u << 31)
#define MSIX_ENTRY_SIZE 16u
#define BUS_COUNT       256

static void choose(struct pci_address at, uint8_t offset)
{
	port_write32(PORT_ADDRESS, 1u << 31 | (uint32_t)at.bus << 16 | (uint32_t)at.device << 11 |
	                                   (uint32_t)at.function << 8 | (offset & 0xfcu));
}

uint32_t pci_read32(struct pci_address at, uint8_t offset)
{
	choose(at, offset);
	return port_read32(PORT_DATA);
}

static void write32(struct pci_address at, uint8_t offset, uint32_t value)
{
	choose(at, offset);
	port_write32(PORT_DATA, value);
}

static uint8_t read8(struct pci_address at, uint8_t offset)
{
	return (uint8_t)(pci_read32(at, offset) >> (offset & 3) * 8);
}

uint8_t pci_capability(struct pci_address at, uint8_t after, uint8_t identifier)
{
	uint8_t place = after ? read8(at, (uint8_t)(after + 1)) : 0;

	if (!after && (pci_read32(at, COMMAND) & STATUS_LIST))
		place = read8(at, CAPABILITIES);
	for (unsigned int i = 0; i < PCI_CAPABILITIES_MOST && place >= 0x40; i++) {
		place &= 0xfc;
		if (read8(at, place) == identifier)
			return place;
		place = read8(at, (uint8_t)(place + 1));
	}
	return 0;
}

void pci_enable(struct pci_address at)
{
	uint32_t command = pci_read32(at, COMMAND) & 0xffff;

	write32(at, COMMAND, command | COMMAND_MEMORY | COMMAND_MASTER | COMMAND_NO_LINES);
}

/* The bits of an address that a BAR's register takes: those above its size (6.2.5.1). */
static uint32_t bar_mask(struct pci_address at, uint8_t place)
{
	uint32_t before = pci_read32(at, place), mask;

	write32(at, place, ~0u);
	mask = pci_read32(at, place);
	write32(at, place, before);
	return mask;
}

/* Bytes. The device answers to no memory meanwhile, since its address is none. */
static uint64_t bar_size(struct pci_address at, uint8_t place, bool is_64)
{
	uint32_t command = pci_read32(at, COMMAND) & 0xffff;
	uint64_t mask;

	write32(at, COMMAND, command & ~COMMAND_MEMORY);
	mask = (is_64 ? 0 : ~0UL << 32) | (bar_mask(at, place) & ~15u);
	if (is_64)
		mask |= (uint64_t)bar_mask(at, (uint8_t)(place + 4)) << 32;
	write32(at, COMMAND, command);
	return ~mask + 1;
}

volatile uint8_t *pci_map(struct pci_address at, uint8_t bar, uint32_t offset, uint32_t size)
{
	uint8_t place = (uint8_t)(BARS + bar * 4);
	uint64_t address, most;
	bool is_64;

	if (bar >= BAR_COUNT || (pci_read32(at, place) & BAR_PORTS))
		return NULL;
	address = pci_read32(at, place);
	is_64 = (address & BAR_64) && bar + 1 < BAR_COUNT;
	if (is_64)
		address |= (uint64_t)pci_read32(at, (uint8_t)(place + 4)) << 32;
	address &= ~15UL;
	/* What the device's capabilities say may lie outside. */
	most = bar_size(at, place, is_64);
	if (offset >= most || size > most - offset)
		return NULL;
	return address ? device_map(address + offset, size) : NULL;
}

bool pci_message(struct pci_address at, unsigned int entry, uint64_t address, uint32_t data)
{
	uint8_t place = pci_capability(at, 0, CAPABILITY_MSIX);
	uint32_t control = place ? pci_read32(at, place) : 0, table;
	volatile uint32_t *slot;

	if (!place || entry > (control >> 16 & 0x7ff))
		return false;
	table = pci_read32(at, (uint8_t)(place + 4));
	slot = (volatile uint32_t *)pci_map(at, table & 7, (table & ~7u) + entry * MSIX_ENTRY_SIZE,
	                                    MSIX_ENTRY_SIZE);
	if (!slot)
		return false;
	slot[0] = (uint32_t)address;
	slot[1] = (uint32_t)(address >> 32);
	slot[2] = data;
	slot[3] = 0; /* not masked */
	write32(at, place, control | MSIX_ENABLE);
	return true;
}

/* A bridge's other side is a bus to look at. */
static void look_at(struct pci_address at, bool there[BUS_COUNT], void (*found)(struct pci_address))
{
	if ((read8(at, HEADER_TYPE) & ~HEADER_MANY) == HEADER_BRIDGE)
		there[read8(at, BUSES + 1)] = true;
	else
		found(at);
}

static void look_through(uint8_t bus, bool there[BUS_COUNT], void (*found)(struct pci_address))
{
	for (uint8_t device = 0; device < 32; device++) {
		struct pci_address at = {bus, device, 0};
		uint8_t functions = read8(at, HEADER_TYPE) & HEADER_MANY ? 8 : 1;

		for (; at.function < functions; at.function++)
			if ((pci_read32(at, PCI_IDENTITY) & 0xffff) != 0xffff)
				look_at(at, there, found);
	}
}

void pci_for_each(void (*found)(struct pci_address at))
{
	bool there[BUS_COUNT] = {[0] = true};

	/* A bridge's bus has a higher number than the one that it is on. */
	for (unsigned int bus = 0; bus < BUS_COUNT; bus++)
		if (there[bus])
			look_through((uint8_t)bus, there, found);
}
