/* SPDX-License-Identifier: MIT
 *
 * The little that the core needs of ACPI: the processors and interrupt controllers of the MADT
 * (ACPI 6.4, 5.2.12), and the virtio-mmio devices that the DSDT describes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/cpu.h>

#define IO_APICS_MAX       2
#define VIRTIO_WINDOWS_MAX 32

/* An I/O APIC: its lines are the machine's interrupts from first_line on. */
struct acpi_io_apic {
	paddr_t address;
	uint32_t first_line;
};

/* The registers of a virtio-mmio device, and its interrupt. */
struct acpi_virtio_window {
	uint32_t address, size, line;
	bool level; /* else edge-triggered */
};

struct acpi_machine {
	uint32_t apic_ids[MAX_CPUS]; /* usable processors, the boot CPU among them */
	unsigned int cpu_count;
	paddr_t local_apic;
	struct acpi_io_apic io_apics[IO_APICS_MAX]; /* the first has the ISA lines */
	unsigned int io_apic_count;
	struct acpi_virtio_window windows[VIRTIO_WINDOWS_MAX];
	unsigned int window_count;
};

extern struct acpi_machine acpi_machine;

/* Read the tables that start at the RSDP (0: there is none). Without a valid MADT
 * the machine has one CPU and the controllers' usual addresses; the log says so. */
void acpi_init(paddr_t rsdp);
