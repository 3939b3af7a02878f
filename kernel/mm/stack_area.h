/* SPDX-License-Identifier: MIT
 *
 * Part of the kernel's address space that is cut into slots of one size, each a stack above
 * a guard page that stays unmapped. Never sleeps.
 */
#pragma once

#include <stdint.h>

#include <kernel/sync/spinlock.h>

#define STACK_AREA_SLOTS     4096
#define STACK_AREA_PAGES_MAX 8

struct stack_area {
	uint64_t base;      /* where the first slot starts */
	unsigned int pages; /* of a stack, without its guard page: at most STACK_AREA_PAGES_MAX */
	struct spinlock lock;
	uint64_t used[STACK_AREA_SLOTS / 64];
};

#define STACK_AREA_INIT(at, pages_each)                                                            \
	{.base = (at), .pages = (pages_each), .lock = SPINLOCK_INIT(kernel_stacks)}

/* Map a stack with this protection (MMU_*) on new pages: its lowest byte, or 0 when memory or
 * slots are out. */
uint64_t stack_area_map(struct stack_area *area, unsigned int protection);

/* Unmap it, for every CPU, and free its pages. */
void stack_area_unmap(struct stack_area *area, uint64_t stack);
