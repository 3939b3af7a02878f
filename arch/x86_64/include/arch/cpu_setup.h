/* SPDX-License-Identifier: MIT
 *
 * Bringing a CPU into the state that the kernel runs in. Core only, at boot.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/cpu.h>

/* Fill the IDT, once. */
void idt_init(void);

/* Load GDT, TSS and IDT on this CPU. */
void descriptors_load(struct cpu *cpu);

/* GS base, control registers, SYSCALL, FPU; then descriptors. A CPU without the
 * features of the build is a panic that names the feature. */
void cpu_setup(struct cpu *cpu);

/* Whether an address lies on the CPU's emergency stack. */
bool on_emergency_stack(const struct cpu *cpu, uint64_t address);

/* Start the application processors that the MADT lists, one after the other. */
void smp_start(void);

/* XSAVE state components that are enabled, and a clean image of them. */
extern uint64_t fpu_components;
