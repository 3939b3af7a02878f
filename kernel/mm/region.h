/* SPDX-License-Identifier: MIT
 *
 * The list of regions of an address space. Every function wants the space's mutex
 * held, and none touches page tables. For kernel/mm alone.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/mm/vmspace.h>

#define STACK_GUARD_SIZE (1UL << 20) /* kept free below a stack, as Linux' stack_guard_gap */
#define REGIONS_MAX      65530       /* of one address space, as Linux' vm.max_map_count */

/* [start, end) lies where users may map. */
bool region_bounds_ok(uint64_t start, uint64_t end);

/* The region that covers an address, or NULL. */
struct region *region_find(struct vmspace *space, uint64_t address);

/* The lowest region that ends behind an address, or NULL; and the one after a region. */
struct region *region_first_from(struct vmspace *space, uint64_t address);
struct region *region_next(struct vmspace *space, struct region *region);

bool region_range_is_free(struct vmspace *space, uint64_t start, uint64_t end);
bool region_range_is_covered(struct vmspace *space, uint64_t start, uint64_t end);
/* Whether a region in the range has this flag. */
bool region_range_has(struct vmspace *space, uint64_t start, uint64_t end, uint32_t flag);

/* The highest gap of this size below mmap_top: its start, or 0. */
uint64_t region_find_gap(struct vmspace *space, uint64_t size);

/* A region like this one over free space, with references of its own to what lies behind it:
 * NULL when memory is out. The caller joins it when it is done. */
struct region *__must_check region_insert(struct vmspace *space, const struct region *like);

/* Make start and end borders of regions, so that whole regions can be changed: 0 or -ENOMEM
 * (some may be split then, which nobody sees). */
int __must_check region_split_range(struct vmspace *space, uint64_t start, uint64_t end);

/* Join a region with its neighbours where one continues the other; the region may be gone then. */
void region_join(struct vmspace *space, struct region *region);

/* The same for all that begin before `end`, from the first that ends behind `start`. A join moves
 * borders, so that each step looks its region up by address. */
void region_join_range(struct vmspace *space, uint64_t start, uint64_t end);

/* Unlink and free; drops its references. May sleep. */
void region_remove(struct vmspace *space, struct region *region);

/* The region that a fault at an address belongs to, after growing a stack down to it; NULL. */
struct region *region_for_fault(struct vmspace *space, uint64_t address);
