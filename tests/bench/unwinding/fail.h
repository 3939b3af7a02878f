/* SPDX-License-Identifier: MIT
 *
 * A way to give up some calls deep and to go on where the calls began: what is measured.
 */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calls depth + 1 functions, the innermost of which fails, and returns when the failure has been
 * caught. cleans: each of the frames has something to clean up. */
void fail_at_depth(unsigned int depth, int cleans);

/* Whether frames can clean up at all. */
extern const int frames_can_clean;

/* To be called where the failure begins. */
void failure_begins(void);

/* The time stamp counter: instructions, under QEMU's -icount shift=0. */
static inline uint64_t counter(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
	return ((uint64_t)high << 32) | low;
}

#ifdef __cplusplus
}
#endif
