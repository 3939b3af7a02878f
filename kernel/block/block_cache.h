/* SPDX-License-Identifier: MIT
 *
 * Pages of disks, for the file systems that lie on them: what core_block_read and
 * core_block_write (core_calls.def) see. A write stays here until a batch is written
 * (block_batch.h).
 *
 * What a batch has does not change any more: a write to a page that is being written goes into a
 * copy of it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <aramid/lock.h>
#include <kernel/block/block.h>
#include <kernel/lib/list.h>
#include <kernel/sync/mutex.h>

#define BLOCK_PAGE_SECTORS (PAGE_SIZE / BLOCK_SECTOR)

struct block_page {
	struct list link;  /* hash bucket */
	struct list place; /* among the clean ones, or the dirty ones of its disk */
	struct list batch; /* among those that are being written; empty: it is not */
	uint32_t disk;
	uint64_t index;  /* offset on the disk, in pages */
	paddr_t frame;   /* its contents */
	paddr_t written; /* those that are being written: the frame itself, or an older one */
	uint8_t dirty, written_dirty; /* a bit a sector */
	uint8_t rank, written_rank;   /* the latest enum block_rank of its writes */
};

_Static_assert(BLOCK_PAGE_SECTORS == 8, "a byte has a bit for each sector of a page");

/* All of the cache, its pages' contents included. Before the locks of disks. */
extern struct mutex block_cache_lock;

/* ---- with the lock ---- */

/* The page at an offset. blank: the caller writes all of it, so it is not read. *made: nothing was
 * known of it before. -EIO, -ENOMEM. */
int __must_check block_cache_get(uint32_t disk, uint64_t offset, bool blank,
                                 struct block_page **page, bool *made)
        REQUIRES_LOCK(block_cache_lock);

/* Its contents, to be changed: none but the caller's are. -ENOMEM. */
int __must_check block_page_own(struct block_page *page) REQUIRES_LOCK(block_cache_lock);
void *block_page_bytes(const struct block_page *page);

/* Bytes of it were changed. */
void block_page_mark(struct block_page *page, uint64_t offset, uint64_t size, enum block_rank rank)
        REQUIRES_LOCK(block_cache_lock);

/* Nothing is known of it any more. */
void block_page_drop(struct block_page *page) REQUIRES_LOCK(block_cache_lock);

/* What is dirty now is the batch to be written next. */
void block_cache_seal(uint32_t disk) REQUIRES_LOCK(block_cache_lock);

/* A page of the batch that has this rank; NULL: there is none. */
struct block_page *block_cache_next(uint32_t disk, enum block_rank rank)
        REQUIRES_LOCK(block_cache_lock);

/* The page of an index, if it is in the batch; NULL. */
struct block_page *block_cache_in_batch(uint32_t disk, uint64_t index)
        REQUIRES_LOCK(block_cache_lock);

/* It was written, or could not be and is dirty again. */
void block_page_end_write(struct block_page *page, bool written) REQUIRES_LOCK(block_cache_lock);

/* ---- without it ---- */

/* Forget all pages of a disk, which nobody uses any more. */
void block_cache_forget(uint32_t disk);

/* Whether anything is to be written. */
bool block_cache_is_dirty(uint32_t disk);

/* Whether so much waits to be written that it should be. */
bool block_cache_is_full(void);

/* Pages that it has, for the audit. */
uint64_t block_cache_pages(void);
