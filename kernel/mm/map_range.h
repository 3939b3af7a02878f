/* SPDX-License-Identifier: MIT
 *
 * What mmap.c, brk.c and remap.c share. With the space's mutex held. For kernel/mm alone.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <kernel/mm/vmspace.h>

/* Nothing is mapped in [start, end) any more: 0 or -ENOMEM (then nothing was unmapped). */
long __must_check unmap_range(struct vmspace *space, uint64_t start, uint64_t end);
