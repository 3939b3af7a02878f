/* SPDX-License-Identifier: MIT
 *
 * arch/cpu.h for a program on the host: one CPU, which loads no page table.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>

struct thread;

struct cpu {
	paddr_t page_table;
	bool need_resched;
};

struct cpu *this_cpu(void);
struct thread *current_thread(void);
