/* SPDX-License-Identifier: MIT
 *
 * The little that the core needs of ACPI: the processors and interrupt
 * controllers of the MADT (ACPI 6.4, 5.2.12).
 */
#pragma once

#include <stdint.h>

#include <arch/cpu.h>

struct acpi_machine {
	uint32_t apic_ids[MAX_CPUS]; /* usable processors, the boot CPU among them */
	unsigned int cpu_count;
	paddr_t local_apic, io_apic;
};

extern struct acpi_machine acpi_machine;

/* Read the tables that start at the RSDP (0: there is none). Without a valid MADT
 * the machine has one CPU and the controllers' usual addresses; the log says so. */
void acpi_init(paddr_t rsdp);
