/* SPDX-License-Identifier: MIT
 *
 * What the vDSO knows of the time: the page that each process has below it, read-only. The core
 * alone writes it (time.c), and whoever reads it looks at the sequence before and after.
 */
#pragma once

#include <stdint.h>

#define CLOCK_SCALE_SHIFT 32

/* ns = base_ns + (tsc - base_tsc) * scale >> CLOCK_SCALE_SHIFT; the wall clock is wall_offset more.
 */
struct clock_page {
	uint32_t sequence; /* odd while the rest changes */
	uint32_t padding;
	uint64_t base_tsc, base_ns, scale, wall_offset;
};

/* CLOCK_MONOTONIC at a count of cycles. Any context, users too. */
static inline uint64_t clock_at(uint64_t tsc, uint64_t base_tsc, uint64_t base_ns, uint64_t scale)
{
	uint64_t cycles = tsc - base_tsc;

	/* A 64 by 64 bit product, of which bits 32 to 95 are wanted. */
	return base_ns + (cycles >> 32) * scale +
	       (((cycles & 0xffffffff) * scale) >> CLOCK_SCALE_SHIFT);
}
