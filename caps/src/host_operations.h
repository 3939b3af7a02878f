/* SPDX-License-Identifier: MIT
 *
 * What a hosted program's threads tell those who revoke: each has a record of its own that it alone
 * writes, so opening an operation and counting a validation are plain stores.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Records are never freed: one whose thread has ended is taken by the next thread. */
struct cap_thread {
	uint64_t sequence;  /* odd while an operation is open */
	uint64_t validated; /* by all threads that had this record */
	unsigned int depth; /* operations open, one in the other */
	unsigned char taken;
	struct cap_thread *next;
} __attribute__((aligned(64)));

/* True when the operating system has no membarrier(2): then each opening of an operation pays for a
 * fence. Set before the first operation; the tests set it to try that way too. */
extern bool cap_readers_fence;
