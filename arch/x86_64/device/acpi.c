/* SPDX-License-Identifier: MIT
 *
 * RSDP to XSDT or RSDT to MADT. Lengths and checksums are checked before use.
 */
#include <stdbool.h>
#include <stddef.h>

#include <arch/acpi.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>

struct __attribute__((packed)) rsdp {
	char signature[8];
	uint8_t checksum;
	char oem[6];
	uint8_t revision;
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
};

struct __attribute__((packed)) table {
	char signature[4];
	uint32_t length;
	uint8_t revision, checksum;
	char oem[26];
};

struct __attribute__((packed)) madt_entry {
	uint8_t type, length;
	uint8_t body[];
};

#define MADT_LOCAL_APIC 0
#define MADT_IO_APIC    1
#define MADT_ENTRIES    (sizeof(struct table) + 8)
#define TABLE_MAX       (1u << 20)

/* Addresses that every PC has used (Intel SDM vol. 3A, 10.4.1; 82093AA). */
struct acpi_machine acpi_machine = {
        .local_apic = 0xfee00000,
        .io_apic = 0xfec00000,
};

static uint32_t read32(const void *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

static const struct table *table_at(paddr_t address)
{
	const struct table *table = phys_to_virt(address);
	uint8_t sum = 0;

	if (!address || table->length < sizeof(*table) || table->length > TABLE_MAX)
		return NULL;
	for (uint32_t i = 0; i < table->length; i++)
		sum = (uint8_t)(sum + ((const uint8_t *)table)[i]);
	return sum == 0 ? table : NULL;
}

static const struct table *find_madt(paddr_t rsdp_address)
{
	const struct rsdp *rsdp = phys_to_virt(rsdp_address);
	const struct table *root;
	size_t width;

	if (!rsdp_address || memcmp(rsdp->signature, "RSD PTR ", 8))
		return NULL;
	width = rsdp->revision >= 2 && rsdp->xsdt ? 8 : 4;
	root = table_at(width == 8 ? rsdp->xsdt : rsdp->rsdt);
	for (size_t at = sizeof(*root); root && at + width <= root->length; at += width) {
		uint64_t address = 0;
		const struct table *table;

		memcpy(&address, (const char *)root + at, width);
		table = table_at(address);
		if (table && !memcmp(table->signature, "APIC", 4))
			return table;
	}
	return NULL;
}

static void read_entry(const struct madt_entry *entry)
{
	struct acpi_machine *machine = &acpi_machine;

	if (entry->type == MADT_LOCAL_APIC && entry->length >= 8 && (entry->body[2] & 1) &&
	    machine->cpu_count < MAX_CPUS)
		machine->apic_ids[machine->cpu_count++] = entry->body[1];
	/* The ISA lines are on the one whose interrupts begin at 0; microvm has a second. */
	if (entry->type == MADT_IO_APIC && entry->length >= 12 && read32(&entry->body[6]) == 0)
		machine->io_apic = read32(&entry->body[2]);
}

void acpi_init(paddr_t rsdp)
{
	const struct table *madt = find_madt(rsdp);
	size_t at = MADT_ENTRIES;

	if (!madt || madt->length < MADT_ENTRIES) {
		log_line("acpi: no MADT: one CPU");
		return;
	}
	acpi_machine.local_apic = read32((const char *)madt + sizeof(*madt));
	while (at + sizeof(struct madt_entry) <= madt->length) {
		const struct madt_entry *entry = (const void *)((const char *)madt + at);

		if (entry->length < sizeof(*entry) || at + entry->length > madt->length)
			break;
		read_entry(entry);
		at += entry->length;
	}
}
