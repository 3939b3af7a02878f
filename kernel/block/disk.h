/* SPDX-License-Identifier: MIT
 *
 * Disks: the block devices of the machine, each behind its driver. A request lives until its
 * caller has an answer: what a driver had under way when it fell is handed to it again after the
 * repair, so that its fall costs nobody a write.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <kernel/block/block.h>

struct disk;
struct file;
struct service;

#define DISKS_MAX 16u

/* Memory of one transfer at most. */
#define TRANSFER_SEGMENTS_MAX 16u
#define TRANSFER_MAX          (TRANSFER_SEGMENTS_MAX * PAGE_SIZE)

/* Make disks of the block devices that there are. After services have started. */
void disks_start(void);

/* vda, vdb … by number, or NULL. */
struct disk *disk_by_number(uint32_t number);
uint64_t disk_size(const struct disk *disk); /* bytes */
bool disk_is_read_only(const struct disk *disk);

/* A file system holds the disk from now on, and may write or not: -EBUSY when another does, -EROFS.
 * Its holder alone may write to it. */
int __must_check disk_hold(struct disk *disk, const struct service *service, bool writable);
int __must_check disk_make_writable(struct disk *disk, bool writable); /* for the holder: -EROFS */
void disk_let_go(struct disk *disk);
bool disk_is_held(const struct disk *disk);
bool disk_is_held_by(const struct disk *disk, const struct service *service);
bool disk_may_be_written(const struct disk *disk); /* by the holder */

/* Move bytes between a disk and memory that is the caller's until it returns, runs of pages whole:
 * a page each, of which the first may be entered at a sector's place and the last one left. offset
 * and size are multiples of BLOCK_SECTOR; size at most TRANSFER_MAX from the first page's start on.
 * A read or write does not go beyond the disk: -EINVAL. 0, -EIO, -EROFS, -ETIMEDOUT. May sleep. */
int __must_check disk_transfer(struct disk *disk, enum block_action action, uint64_t offset,
                               uint64_t size, const paddr_t *pages);

/* Nobody wants these bytes any more: what is read there then is old or zero. Multiples of
 * BLOCK_SECTOR. 0, -EOPNOTSUPP, -EINVAL, -EROFS, -EIO, -ETIMEDOUT, -ENOMEM. */
int __must_check disk_discard(struct disk *disk, uint64_t offset, uint64_t size);

/* What was written before is on the medium. 0, -EIO, -ETIMEDOUT. */
int __must_check disk_flush(struct disk *disk);

/* Open /dev/vda and so on, by number: -ENXIO, -EROFS. Sets file->ops and its state. */
int __must_check disk_open(struct file *file, uint32_t number);
