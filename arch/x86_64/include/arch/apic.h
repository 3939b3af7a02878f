/* SPDX-License-Identifier: MIT
 *
 * Local APIC and I/O APIC: interrupts between CPUs, the tick, device lines.
 * Source: Intel SDM vol. 3A, chapter 10; 82093AA data sheet.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/cpu.h>

#define VECTOR_TIMER  0x40
#define VECTOR_SERIAL 0x41
/* Those of devices are [VECTOR_DEVICE, VECTOR_DEVICE + DEVICE_VECTORS). */
#define VECTOR_DEVICE     0x50
#define DEVICE_VECTORS    32
#define VECTOR_RESCHEDULE 0xf0
#define VECTOR_SHOOTDOWN  0xf1
#define VECTOR_HALT       0xf3
#define VECTOR_SPURIOUS   0xff

#define APIC_TIMER_HZ 1000000000UL /* QEMU's and KVM's bus clock */

/* Find and map both, from the MADT's addresses. Boot CPU, once. */
void apic_init(void);

/* Enable this CPU's local APIC and its periodic tick. */
void apic_enable(void);
void apic_start_timer(unsigned int hz);
/* Counts down at APIC_TIMER_HZ; for calibrating. */
void apic_timer_one_shot(uint32_t count);
uint32_t apic_timer_left(void);

void apic_end_of_interrupt(void);
uint32_t apic_id(void);

void apic_send(const struct cpu *cpu, uint8_t vector);
void apic_send_all_others(uint8_t vector);
/* INIT, then the start-up interrupt for a real-mode page (Intel SDM vol. 3A, 8.4.4). */
void apic_start_cpu(uint32_t apic_id, uint8_t page);

/* A line of the machine to a vector of the boot CPU: false when no controller has the line. */
bool ioapic_route(unsigned int line, uint8_t vector, bool level);

/* A routed line is taken, or not until it is again; one that is up then comes at once. On the boot
 * CPU without interrupts. */
void ioapic_admit(unsigned int line, bool admitted);

/* What a device writes, and where, to send a vector to the boot CPU (message-signalled
 * interrupts; Intel SDM vol. 3A, 10.11). */
uint64_t apic_message_address(void);
