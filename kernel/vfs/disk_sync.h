/* SPDX-License-Identifier: MIT
 *
 * Bringing disks up to date: contents of files first, then what the file system has changed as one
 * batch. All may sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct service;
struct vnode;

/* A disk is mounted to be written: it is brought up to date now and then. */
void disk_sync_begin(void);

/* All that a file system changed before is on the disk when this returns: 0, -EIO. */
int __must_check disk_sync(struct service *service, uint32_t disk);

/* The same for the disk of an object; 0 for one that lies on none. */
int __must_check disk_sync_of(const struct vnode *vnode);

/* All disks, whatever becomes of one: 0, or the first error. */
int disk_sync_all(void);

/* Whether a change that found no room (-ENOSPC) may find some now: what was freed on a disk is free
 * when that is written, and after its restart a file system knows nothing of that before. */
bool disk_sync_frees(const struct vnode *vnode);

/* Before more is written to an object: what waits to be written is kept within bounds. */
void disk_sync_if_many(const struct vnode *vnode);

/* A change of a file system that takes room, and once more where that may help. What waits to be
 * written is kept within bounds. */
#define WITH_ROOM_FREED(vnode, change)                                                             \
	({                                                                                         \
		long changed_;                                                                     \
		disk_sync_if_many(vnode);                                                          \
		changed_ = (change);                                                               \
		if (changed_ == -ENOSPC && disk_sync_frees(vnode))                                 \
			changed_ = (change);                                                       \
		changed_;                                                                          \
	})
