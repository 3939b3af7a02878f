/* SPDX-License-Identifier: MIT
 *
 * What the running call of a file system has written to disks: all of it stays when the call ends
 * well, and nothing when it falls or answers an error. Owned by whoever has the service's turn.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/lock.h>
#include <kernel/block/block_cache.h>

struct service;

/* Memory for the notes of a service: 0 or -ENOMEM. */
int __must_check block_changes_create(struct service *service);

/* Bytes of a page will be written. made: the page was nothing before this call. 0 or -ENOMEM. */
int __must_check block_changes_note(const struct service *service, struct block_page *page,
                                    uint64_t offset, uint64_t size, bool made)
        REQUIRES_LOCK(block_cache_lock);

/* When the call ends well, what is dirty on this disk then is a batch. */
void block_changes_seal(const struct service *service, uint32_t disk);

/* The call has ended. */
void block_changes_end(const struct service *service, bool keep);
