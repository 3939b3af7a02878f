/* SPDX-License-Identifier: MIT
 *
 * Anonymous memory that several address spaces share (MAP_SHARED|MAP_ANONYMOUS):
 * pages come into being when first touched, and all see the same ones.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>

struct shared_memory;

#define SHARED_MEMORY_SIZE_MAX (1UL << 30) /* its page table is one object of the core's heap */

/* One reference for the caller; NULL when memory is out or size is beyond the limit. */
struct shared_memory *shared_memory_create(uint64_t size);
void shared_memory_hold(struct shared_memory *shared);
void shared_memory_put(struct shared_memory *shared);

/* The page at an offset in bytes, one page reference for the caller: 0, -EIO (behind the
 * end), -ENOMEM. */
int __must_check shared_memory_page(struct shared_memory *shared, uint64_t offset, paddr_t *page);

/* Whether the page was touched already. */
bool shared_memory_has_page(const struct shared_memory *shared, uint64_t offset);
