/* SPDX-License-Identifier: MIT
 *
 * The language between the core and file-system services: the types that
 * fs_operations.def speaks of, and the ops struct made from it.
 */
#pragma once

#include <stdint.h>

#include <kernel/boundary/operations.h>

#define FS_NAME_MAX 255

/* The most bytes that one call reads or writes. */
#define FS_TRANSFER_MAX 4096

/* Attributes of an object (stat(2), inode(7)). Times in ns since 1970. */
struct fs_attr {
	uint64_t object;
	uint64_t size, blocks;
	uint64_t access_time, modify_time, change_time;
	uint32_t mode; /* type and permissions */
	uint32_t links, uid, gid;
	uint32_t
	        device; /* of a device node: major << 8 | minor; of a link below: FS_ATTR_LINK_TO */
	uint32_t flags;
};

#define FS_ATTR_DIRECT (1u << 0) /* read and write go to the service, not to core pages */
/* A symbolic link that the core follows itself: to an open file of a process, or to its working
 * directory or root (enum process_place), which it reads itself as well. */
#define FS_ATTR_DESCRIPTOR (1u << 1)
#define FS_ATTR_PLACE      (1u << 2)
#define FS_ATTR_LINK_BITS  10 /* of the descriptor or place; the process's id is above */
#define FS_ATTR_LINK_TO(process, which)                                                            \
	((uint32_t)(process) << FS_ATTR_LINK_BITS | (uint32_t)(which))
/* Contents lie on a disk, where map says (disk_fs.h): the core reads and writes them itself. */
#define FS_ATTR_BLOCKS (1u << 3)

#define FS_SET_MODE  (1u << 0)
#define FS_SET_UID   (1u << 1)
#define FS_SET_GID   (1u << 2)
#define FS_SET_SIZE  (1u << 3)
#define FS_SET_ATIME (1u << 4)
#define FS_SET_MTIME (1u << 5)

struct fs_new {
	uint32_t mode, uid, gid, device;
};

struct fs_entry {
	uint64_t object, cookie; /* cookie: place in its directory, from 1 */
	uint32_t type;           /* DT_* of readdir(3) */
	char name[FS_NAME_MAX + 1];
};

struct fs_statistics {
	uint64_t type, block_size, blocks, blocks_free, files, files_free;
};

/* What a service of class fs provides. */
struct fs_ops {
	/* After a roll-back, before the service is opened again: whether its memory is consistent,
	 * 0 or a negative errno (then it is quarantined). NULL where nothing rolls back. */
	int (*check)(void);
#define OPERATION1 OPERATION_MEMBER1_
#define OPERATION2 OPERATION_MEMBER2_
#define OPERATION3 OPERATION_MEMBER3_
#define OPERATION4 OPERATION_MEMBER4_
#define OPERATION5 OPERATION_MEMBER5_
#include <kernel/vfs/fs_operations.def>
#include <kernel/boundary/operations_end.h>
};
