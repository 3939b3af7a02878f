/* SPDX-License-Identifier: MIT
 *
 * The pages that an address space maps, with their references and counts. Every
 * function wants the space's mutex held. For kernel/mm alone.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/mm/vmspace.h>

/* What the page tables may allow in a region (MMU_*), when the page is the space's to write. */
unsigned int mapping_protection(uint32_t region_flags);

/* Map a page where none is; takes over the caller's reference if it succeeds. 0 or -ENOMEM. */
int __must_check mapping_add(struct vmspace *space, uint64_t va, paddr_t page,
                             unsigned int protection);

/* The same where a page is, whose reference becomes the caller's: it has to flush. */
int __must_check mapping_replace(struct vmspace *space, uint64_t va, paddr_t page,
                                 unsigned int protection);

/* Unmap [start, end) and give the pages' references back, after all CPUs forgot them. */
void mapping_drop(struct vmspace *space, uint64_t start, uint64_t end);

/* Bring the page tables in line with a region whose protection changed. */
void mapping_protect(struct vmspace *space, const struct region *region);

/* Map in `to`, from `to_start` on, the pages that `from` has in [start, end), one more reference
 * each. copy_on_write: both lose the right to write. The caller flushes `from`.
 * 0, or -ENOMEM (some are mapped then). */
int __must_check mapping_share(struct vmspace *from, uint64_t start, uint64_t end,
                               struct vmspace *to, uint64_t to_start, bool copy_on_write);
