/* SPDX-License-Identifier: MIT
 *
 * PCI configuration space, by the ports that every PC has. Boot CPU, before services start.
 * Source: PCI Local Bus Specification 3.0, 3.2.2.3 and 6.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PCI_IDENTITY  0x00 /* device << 16 | vendor */
#define PCI_SUBSYSTEM 0x2c /* the same of the subsystem */

#define PCI_CAPABILITY_VENDOR 0x09

/* Capabilities that fit: a list that is longer bites its tail. */
#define PCI_CAPABILITIES_MOST 48

struct pci_address {
	uint8_t bus, device, function;
};

/* Calls found for each function on the buses that the firmware numbered. Nothing happens on a
 * machine without PCI. */
void pci_for_each(void (*found)(struct pci_address at));

uint32_t pci_read32(struct pci_address at, uint8_t offset);

/* The capability with this identifier behind the one at `after` (0: the first one): its offset, 0
 * at the end. */
uint8_t pci_capability(struct pci_address at, uint8_t after, uint8_t identifier);

/* It may answer to its memory windows and reach memory. */
void pci_enable(struct pci_address at);

/* Map [offset, offset + size) of a memory BAR, or NULL: it is none, or smaller. */
volatile uint8_t *pci_map(struct pci_address at, uint8_t bar, uint32_t offset, uint32_t size);

/* Entry `entry` of its MSI-X table: it writes data to the address. False without such a table. */
bool pci_message(struct pci_address at, unsigned int entry, uint64_t address, uint32_t data);
