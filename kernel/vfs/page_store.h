/* SPDX-License-Identifier: MIT
 *
 * File contents held in core pages, keyed by (service, object). For tmpfs the
 * store is the truth and lives until the service destroys it, whatever becomes
 * of the service meanwhile.
 */
#pragma once

#include <stdint.h>

#include <arch/page.h>
#include <aramid/cap.h>
#include <aramid/check.h>

struct page_store;
struct service;

/* The store of an object, or NULL. No reference is taken: a store lives as long
 * as its object, and its vnode's lock orders use against destruction. */
struct page_store *page_store_find(struct service *service, uint64_t object);

/* Find or make it: NULL when memory is out. */
struct page_store *page_store_open(struct service *service, uint64_t object);

/* Have a page for each byte of [offset, offset + size): 0 or -ENOMEM, -ENOSPC (then
 * nothing was added). The token is the service's own. */
int __must_check page_store_reserve(CAP(page_alloc) cap, struct page_store *store,
				    uint64_t offset, uint64_t size);
/* Drop whole pages behind size; zero the rest of the last one. */
void page_store_truncate(CAP(page_alloc) cap, struct page_store *store, uint64_t size);
void page_store_destroy(CAP(page_alloc) cap, struct service *service, uint64_t object);

/* The page at an index, or 0 for a hole. No reference is taken. */
paddr_t page_store_page(struct page_store *store, uint64_t index);
uint64_t page_store_pages(const struct page_store *store);
