/* SPDX-License-Identifier: MIT
 *
 * arch/cpu.h for a program on the host: one CPU, which loads no page table.
 */
#pragma once

#include <stdint.h>

#include <arch/page.h>

struct thread;

struct cpu {
	paddr_t page_table;
};

struct cpu *this_cpu(void);
struct thread *current_thread(void);
