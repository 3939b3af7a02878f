/* SPDX-License-Identifier: MIT
 *
 * Writing a batch: the pages of a disk that block_cache_seal has put into it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

/* All of one rank before those of the next, the disk flushed in between and at the end. What
 * could not be written is dirty again: -EIO, -ETIMEDOUT. contents: contents of files were written
 * before, and come first. One at a time for each disk. May sleep. */
int __must_check block_batch_write(uint32_t disk, bool contents);
