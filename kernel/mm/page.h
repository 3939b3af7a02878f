/* SPDX-License-Identifier: MIT
 *
 * What kernel/mm knows of each page, beside the page. For kernel/mm alone: the
 * rest of the kernel speaks page_alloc.h and shows a token.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/mm/page_alloc.h>

struct heap;

/* What a run of pages serves as; the audit counts by it. */
enum page_use {
	PAGE_CORE,    /* tables, stacks, file contents */
	PAGE_PROCESS, /* private or shared anonymous memory of processes */
	PAGE_SLAB,    /* objects of a heap */
	PAGE_LARGE,   /* one large object of a heap */
	PAGE_USE_COUNT
};

/* Of the first page of an allocated run; all 0 otherwise. */
struct page {
	uint32_t references; /* atomic */
	uint8_t order;
	uint8_t use;        /* enum page_use */
	uint8_t size_class; /* of a slab */
};

#define SLAB_WORDS 4 /* a page holds 256 objects of the smallest class */

/* A heap's view of a page that it holds: out of reach of whoever writes past an
 * object. Valid while the page's use is PAGE_SLAB or PAGE_LARGE. Heap lock. */
struct slab {
	struct list link;
	struct heap *heap;
	paddr_t twin;              /* the page's second one, in a heap that has twins */
	uint64_t free[SLAB_WORDS]; /* bit set: the object is free */
};

/* By page number; in RAM themselves. Fixed after boot. */
struct page_tables {
	uint64_t count;      /* of numbers */
	const uint64_t *ram; /* bit set: a page of managed RAM */
	struct page *pages;  /* references are atomic, the rest belongs to the holder */
	struct slab *slabs;
};

extern struct page_tables page_tables;

static inline bool page_is_managed(uint64_t number)
{
	return number < page_tables.count && page_tables.ram[number / 64] >> number % 64 & 1;
}

_Noreturn void page_is_missing(paddr_t address);

/* Of an address in managed RAM; any other address is a panic. */
static inline struct page *page_of(paddr_t address)
{
	if (__builtin_expect(!page_is_managed(address >> PAGE_SHIFT), 0))
		page_is_missing(address);
	return &page_tables.pages[address >> PAGE_SHIFT];
}

static inline struct slab *slab_of(paddr_t address)
{
	if (__builtin_expect(!page_is_managed(address >> PAGE_SHIFT), 0))
		page_is_missing(address);
	return &page_tables.slabs[address >> PAGE_SHIFT];
}

static inline paddr_t slab_address(const struct slab *slab)
{
	return (paddr_t)(slab - page_tables.slabs) << PAGE_SHIFT;
}

/* 2^order pages with one reference and undefined contents, or 0. No token is asked for: callers
 * have validated one, or hold the core's or a heap's, and say so to the roles analysis. */
paddr_t __must_check page_run_take(unsigned int order, enum page_use use) NEEDS_RIGHT(page_alloc);
void page_run_get(paddr_t page) NEEDS_RIGHT(page_alloc);
void page_run_put(paddr_t page) NEEDS_RIGHT(page_alloc);
