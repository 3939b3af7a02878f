/* SPDX-License-Identifier: MIT
 *
 * RSDP to XSDT or RSDT to MADT, and to FADT and DSDT. Lengths and checksums are checked before
 * use. The DSDT is a program, of which nothing is run: what is looked for are the constant
 * resource lists of virtio-mmio devices, as QEMU's microvm writes them.
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
        .io_apics = {{0xfec00000, 0}},
        .io_apic_count = 1,
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

static const struct table *find_table(paddr_t rsdp_address, const char signature[4])
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
		if (table && !memcmp(table->signature, signature, 4))
			return table;
	}
	return NULL;
}

/* The controller with the ISA lines comes first. */
static void add_io_apic(paddr_t address, uint32_t first_line)
{
	struct acpi_machine *machine = &acpi_machine;

	if (first_line == 0)
		machine->io_apics[0].address = address;
	else if (machine->io_apic_count < IO_APICS_MAX)
		machine->io_apics[machine->io_apic_count++] =
		        (struct acpi_io_apic){address, first_line};
}

static void read_entry(const struct madt_entry *entry)
{
	struct acpi_machine *machine = &acpi_machine;

	if (entry->type == MADT_LOCAL_APIC && entry->length >= 8 && (entry->body[2] & 1) &&
	    machine->cpu_count < MAX_CPUS)
		machine->apic_ids[machine->cpu_count++] = entry->body[1];
	if (entry->type == MADT_IO_APIC && entry->length >= 12)
		add_io_apic(read32(&entry->body[2]), read32(&entry->body[6]));
}

static void read_madt(const struct table *madt)
{
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

/* The next place of the bytes in [at, end); end when there is none. */
static const uint8_t *find_bytes(const uint8_t *at, const uint8_t *end, const void *bytes,
                                 size_t size)
{
	for (; (size_t)(end - at) >= size; at++)
		if (!memcmp(at, bytes, size))
			return at;
	return end;
}

/* A device's resources: a fixed 32-bit memory range and an extended interrupt, as the large
 * descriptors of ACPI 6.4, 6.4.3.4 and 6.4.3.6 have them. False when one is missing. */
static bool read_resources(const uint8_t *at, const uint8_t *end, struct acpi_virtio_window *window)
{
	static const uint8_t memory[] = {0x86, 9, 0}, interrupt[] = {0x89, 6, 0};
	const uint8_t *range = find_bytes(at, end, memory, sizeof(memory));
	const uint8_t *line = find_bytes(range, end, interrupt, sizeof(interrupt));

	if (end - range < 12 || end - line < 9)
		return false;
	window->address = read32(range + 4);
	window->size = read32(range + 8);
	window->level = !(line[3] & 2);
	window->line = read32(line + 5);
	return true;
}

/* "LNRO0005" is the identifier that Linux gave to virtio-mmio. */
static void read_dsdt(const struct table *dsdt)
{
	static const char identifier[] = "LNRO0005";
	const uint8_t *end = (const uint8_t *)dsdt + dsdt->length;
	const uint8_t *at =
	        find_bytes((const uint8_t *)(dsdt + 1), end, identifier, sizeof(identifier));
	struct acpi_machine *machine = &acpi_machine;

	while (at < end && machine->window_count < VIRTIO_WINDOWS_MAX) {
		const uint8_t *next =
		        find_bytes(at + sizeof(identifier), end, identifier, sizeof(identifier));

		if (read_resources(at, next, &machine->windows[machine->window_count]))
			machine->window_count++;
		at = next;
	}
}

#define FADT_DSDT 40

void acpi_init(paddr_t rsdp)
{
	const struct table *fadt = find_table(rsdp, "FACP"), *dsdt = NULL;

	read_madt(find_table(rsdp, "APIC"));
	if (fadt && fadt->length >= FADT_DSDT + 4)
		dsdt = table_at(read32((const char *)fadt + FADT_DSDT));
	if (dsdt && !memcmp(dsdt->signature, "DSDT", 4))
		read_dsdt(dsdt);
}
