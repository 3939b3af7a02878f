/* SPDX-License-Identifier: MIT
 *
 * File contents held in core pages, keyed by (service, object). For tmpfs the
 * store is the truth and lives until the service destroys it, whatever becomes
 * of the service meanwhile. Its structure is the core's alone, so that no
 * service's mistake can break it. Never sleeps.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/cap.h>
#include <aramid/check.h>

struct page_store;
struct service;

/* The store of an object, or NULL: one reference for the caller. Destroyed meanwhile, it
 * stays as an empty one until the last reference goes. */
struct page_store *page_store_find(struct service *service, uint64_t object);

/* Find or make it, one reference: NULL when memory is out. */
struct page_store *page_store_open(struct service *service, uint64_t object);
/* The same, and whether this call made it. */
struct page_store *page_store_make(struct service *service, uint64_t object, bool *made);
void page_store_put(struct page_store *store);
/* Whether a store that is held was destroyed: its object may have another by now. */
bool page_store_is_destroyed(struct page_store *store);

/* Have a page for each byte of [offset, offset + size): 0, -EFBIG, -EIO when the store was
 * destroyed, or -ENOMEM (pages that were added before that stay, zeroed: the caller cuts them
 * off). The token is the service's own. */
int __must_check page_store_reserve(CAP(page_alloc) cap, struct page_store *store, uint64_t offset,
                                    uint64_t size);
/* Have a page that exists already at an index that has none: 0, -EEXIST, -EIO, -ENOMEM. The store
 * takes a reference of its own. */
int __must_check page_store_take_over(CAP(page_alloc) cap, struct page_store *store, uint64_t index,
                                      paddr_t page);
/* Drop whole pages behind size; zero the rest of the last one. */
void page_store_truncate(CAP(page_alloc) cap, struct page_store *store, uint64_t size);
/* Drop all pages and forget the object; nothing happens when it has no store. */
void page_store_destroy(CAP(page_alloc) cap, struct service *service, uint64_t object);
/* The page at an index with one page reference for the caller (page_put gives it back), or 0
 * for a hole. */
paddr_t page_store_page(CAP(page_alloc) cap, struct page_store *store, uint64_t index);
/* The first index from one on that has a page, or that has none: UINT64_MAX when all from there on
 * are holes. */
uint64_t page_store_next_page(struct page_store *store, uint64_t index);
uint64_t page_store_next_hole(struct page_store *store, uint64_t index);
/* Whether there is one. */
bool page_store_has(struct page_store *store, uint64_t index);
uint64_t page_store_pages(const struct page_store *store);

/* ---- contents that lie on a disk: a page with a mark is to be written there ---- */

/* Mark those of the pages [first, first + count) that there are. */
void page_store_mark(struct page_store *store, uint64_t first, uint64_t count);

/* The next pages to be written from *index on, which follow each other: their count, at most
 * `most`, 0 when there are none; *index becomes that of the first. One reference each for the
 * caller. Their marks are taken away, unless the store keeps them. */
unsigned int page_store_take_marked(CAP(page_alloc) cap, struct page_store *store, uint64_t *index,
                                    paddr_t *pages, unsigned int most);

/* Whether anybody may write to its pages without a word: marks stay. */
void page_store_keep_marks(struct page_store *store, bool keep);

/* Drop the page at an index, mark and all. */
void page_store_drop(CAP(page_alloc) cap, struct page_store *store, uint64_t index);

/* While a store is pinned its pages stay, whether anybody refers to them or not. */
void page_store_pin(struct page_store *store);
void page_store_unpin(struct page_store *store);

/* Drop pages that bear no mark and that nobody else refers to, unless it is pinned. */
void page_store_drop_clean(CAP(page_alloc) cap, struct page_store *store);

uint64_t page_store_object(const struct page_store *store);

/* The service's stores, one after the other, while others come and go: the one behind the given
 * one (NULL: the first), with one reference, and the given one's is given up. NULL at the end. */
struct page_store *page_store_next(const struct service *service, struct page_store *store);

/* Pages in all stores, for the audit. */
uint64_t page_store_total(void);
/* Pages with a mark in all stores. */
uint64_t page_store_marks(void);
