/* SPDX-License-Identifier: MIT
 *
 * Calls of ext2 as the core makes them: each in the mock's frame, and what it
 * wrote dropped when it falls or answers an error; and contents read and written
 * page by page where map says. Objects are inode numbers on device 0.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/vfs/disk_fs.h>

struct ext2_request {
	enum {
		EXT2_DO_MOUNT,
		EXT2_DO_UNMOUNT,
		EXT2_DO_SYNC,
		EXT2_DO_CREATE,
		EXT2_DO_LINK,
		EXT2_DO_UNLINK,
		EXT2_DO_RENAME,
		EXT2_DO_SETATTR,
		EXT2_DO_EXTEND,
		EXT2_DO_RELEASE,
		EXT2_DO_LOOKUP,
		EXT2_DO_GETATTR,
		EXT2_DO_READLINK,
		EXT2_DO_READDIR,
		EXT2_DO_MAP,
		EXT2_DO_STATFS,
	} operation;
	uint64_t directory, object, to;
	const char *name, *new_name;
	struct fs_new new_object;
	uint32_t flags;
	uint64_t offset, size;
	struct fs_attr attr;
	struct fs_run run;
	struct fs_statistics statistics;
	void *buffer;
};

/* A fresh service, as after a start. */
void ext2_start(void);
/* One call. It falls in its fall_at-th core call (0: never): false then, and the service is
 * restarted. */
bool ext2_call_falling(struct ext2_request *request, unsigned int fall_at, long *result);
/* One that does not fall; after -ENOSPC the core syncs, and tries it again. */
long ext2_call(struct ext2_request *request);
/* ext2 is told, and the batch is written. */
void ext2_sync_all(void);
/* Called in between, for power cuts. */
extern void (*ext2_before_batch)(void);

long ext2_write_contents(uint64_t object, uint64_t offset, const void *from, uint64_t size);
long ext2_read_contents(uint64_t object, uint64_t offset, void *to, uint64_t size);
long ext2_set_size(uint64_t object, uint64_t size);
