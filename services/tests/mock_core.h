/* SPDX-License-Identifier: MIT
 *
 * The core as a service sees it, on the host: its heap, its undo record and its
 * page stores, and a fall at any core call that a test names.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Run a call of the service as the core does: false when it fell, and then what it did is
 * undone. The call falls in its fall_at-th core call; 0: never. *result: its answer. */
bool mock_call(long (*call)(void *argument), void *argument, unsigned int fall_at, long *result);

/* Each core call is a place where the service may fall; of other parts of the mock too. */
void mock_count_call(void);

/* The wall clock, ns. */
extern uint64_t mock_time;
/* Objects of the heap that are in use, pages of all stores. */
uint64_t mock_heap_objects(void);
uint64_t mock_store_pages(void);
/* Allocations from now on that succeed; UINT64_MAX for all. */
extern uint64_t mock_allocations_left;
