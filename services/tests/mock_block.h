/* SPDX-License-Identifier: MIT
 *
 * Block devices as a service sees them, on the host: an image in memory behind a
 * cache of pages. What a call writes is kept when it ends well; what is kept
 * reaches the device in batches, page by page and by rank.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BLOCK_PAGE 4096u

/* Device 0 is what the file holds. */
void mock_block_load(const char *path);
void mock_block_save(const char *path);
/* As it was loaded. */
void mock_block_restore(void);
/* The core's own reading and writing of contents. */
void mock_block_get(uint64_t offset, void *to, uint64_t size);
void mock_block_put(uint64_t offset, const void *from, uint64_t size);
uint8_t *mock_block_bytes(void);
uint64_t mock_block_size(void);

/* The call is over: what it wrote is kept or dropped. */
void mock_block_commit(void);
void mock_block_discard(void);
/* Writes since the last call was over. */
uint64_t mock_block_writes(void);

/* Write the first pages of what is dirty, in the order of a batch (equal ranks in an order that
 * the seed chooses), as a power cut would leave it; all of it and it is a sync. */
uint64_t mock_block_dirty(void);
void mock_block_sync(void);
void mock_block_cut(uint64_t pages, uint64_t seed, const char *path);
