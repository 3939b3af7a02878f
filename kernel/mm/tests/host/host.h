/* SPDX-License-Identifier: MIT
 *
 * What the memory code finds below it on the host.
 */
#pragma once

#include <stdint.h>

#include <arch/page.h>

#define HOST_VA_END 0x4000000UL /* page tables of the host reach this far */

/* RAM as new: the page allocator has pages of it, in two ranges; the core's heap is empty. */
void host_start(uint64_t pages);

/* Translations that were changed or removed and not flushed yet, over all roots. */
unsigned int host_stale_translations(void);

/* The protection key of an address in RAM. */
unsigned int host_key(const void *address);

/* The message of the last panic that HOST_EXPECT_PANIC caught. */
extern char host_panic_message[256];
extern int host_panic_expected;
extern void *host_panic_landing[5];

/* Whether the statement panics. */
#define HOST_PANICS(statement)                                                                     \
	({                                                                                         \
		int panicked_ = 1;                                                                 \
		host_panic_expected = 1;                                                           \
		if (__builtin_setjmp(host_panic_landing) == 0) {                                   \
			statement;                                                                 \
			panicked_ = 0;                                                             \
		}                                                                                  \
		host_panic_expected = 0;                                                           \
		panicked_;                                                                         \
	})
