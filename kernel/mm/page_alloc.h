/* SPDX-License-Identifier: MIT
 *
 * Physical pages: a buddy allocator, and a reference count for each page. The
 * allocator is privileged: who wants a page shows its page_alloc token.
 * Never sleeps; callable with interrupts off, not from interrupt handlers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/cap.h>
#include <aramid/check.h>

#define PAGE_ORDER_MAX 10

struct memory_range {
	paddr_t start, end;
};

/* Take over the usable ranges (page-aligned, sorted, disjoint), less what the
 * image and the boot data occupy, and the pages of `held`, which lie in none of them: each is in
 * use and has one reference. Boot CPU, once. */
void page_alloc_init(const struct memory_range *usable, unsigned int count,
                     const struct memory_range *held);

/* 2^order zeroed pages with one reference; 0 when there are none. */
paddr_t __must_check page_alloc(CAP(page_alloc) cap, unsigned int order);

/* One more and one less reference; the last one frees the run it was allocated as. */
void page_get(CAP(page_alloc) cap, paddr_t page);
void page_put(CAP(page_alloc) cap, paddr_t page);
uint32_t page_references(paddr_t page);

/* Whether an address lies in managed RAM. */
bool page_is_ram(paddr_t page);

/* The invariant of the free pages (ARAMID_CHECK_INVARIANTS). */
bool page_alloc_is_sound(void);

uint64_t page_count_free(void);
uint64_t page_count_total(void);

/* Pages by what they serve as, all at one moment, so that sums of them are right. */
struct page_counts {
	uint64_t free;
	uint64_t processes; /* their anonymous memory and their copies of file pages, each counted
	                     * once however many share it; not files' contents, not page tables */
	uint64_t heaps;     /* slabs and large objects */
};

void page_count_uses(struct page_counts *counts);

/* The core's own token: minted at boot (kernel/main.c), kept in one carrier. */
struct core_rights {
	CAP(page_alloc) pages;
};
extern struct core_rights core_rights;
