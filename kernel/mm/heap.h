/* SPDX-License-Identifier: MIT
 *
 * Heaps of small and large objects. The core has one; each service has one of
 * its own, which a fall discards whole. All bookkeeping is in core memory beside
 * the page (never in the object), so that a service's stray write cannot break
 * the allocator. Never sleeps.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <aramid/cap.h>
#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/sync/spinlock.h>

#define HEAP_CLASSES 8 /* objects of 16, 32 … 2048 bytes; larger ones get pages of their own */

struct heap {
	CAP(page_alloc) pages; /* a carrier: the right this heap grows by */
	struct spinlock lock;
	struct list partial[HEAP_CLASSES];
	struct list full, large;
	uint64_t page_count, page_limit; /* a heap that would exceed its limit is out of memory */
	uint64_t object_count;
	unsigned int key; /* protection key of its pages (arch/protection_key.h) */
	bool twins;       /* each of its pages has a second one */
};

extern struct heap core_heap;

void heap_init(struct heap *heap, CAP(page_alloc) pages, uint64_t page_limit);

/* From here on the heap's pages have this protection key. While the heap is empty. */
void heap_set_key(struct heap *heap, unsigned int key);

/* From here on each page of the heap has a second one, which is the core's and which the heap does
 * not touch. While the heap is empty. */
void heap_keep_twins(struct heap *heap);

/* Zeroed memory aligned to 16 (to 64 from 64 bytes up), or NULL. Memory that was written to while
 * it was free is a panic. */
void *__must_check heap_alloc(struct heap *heap, size_t size);

/* A byte that was written to while its object was free; object NULL: there is none. */
struct heap_damage {
	const void *object;
	size_t byte, size;
};

/* The same for those who must blame somebody else than themselves: NULL and *damage instead of
 * the panic. */
void *__must_check heap_try_alloc(struct heap *heap, size_t size, struct heap_damage *damage);

/* NULL is allowed. A pointer that the heap did not give out, or gave out and
 * took back, is a panic of the caller's. */
void heap_free(struct heap *heap, void *object);

/* What is wrong with freeing this pointer, in words for a message; NULL: it is an object
 * of the heap. For those who must blame somebody else than themselves. */
const char *heap_fault(struct heap *heap, const void *object);

/* An object that a heap gave out: as large as its class, which may be more than was asked for. */
struct heap_object {
	void *start;
	size_t size;
	void *twin; /* its place in the second page; NULL where there is none */
};

/* The heap's object in which an address lies; false when it lies in none. */
bool heap_find(const struct heap *heap, const void *address, struct heap_object *object);

/* Each object, while nobody else uses the heap. */
void heap_for_each(const struct heap *heap,
                   void (*visit)(const struct heap_object *object, void *context), void *context);

/* Whether memory of the heap in which no object lies is as it was when it was freed, as far as
 * that can be told (ARAMID_HARDEN_HEAP). */
bool heap_is_untouched(const struct heap *heap, const void *address);

/* Make all memory of the heap in which no object lies what it was when it was freed, whoever wrote
 * to it (ARAMID_HARDEN_HEAP). */
void heap_mend_free(struct heap *heap);

/* Give back everything at once; the heap is empty and usable afterwards. */
void heap_discard(struct heap *heap);
