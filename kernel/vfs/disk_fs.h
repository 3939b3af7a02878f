/* SPDX-License-Identifier: MIT
 *
 * The language between the core and file systems on disks: fs.h, and what more they do.
 */
#pragma once

#include <stdint.h>

#include <kernel/vfs/fs.h>

/* The disk that an object's file system lies on. */
#define DISK_OF_OBJECT(object) ((uint32_t)((object) >> 32))

/* Where contents lie from an offset on (map), as far as that is contiguous: bytes. */
struct fs_run {
	uint64_t offset, size; /* offset: on the disk; multiples of its sectors */
	uint32_t hole;         /* nowhere: they are zeros */
};

struct disk_fs_ops {
#define OPERATION1 OPERATION_MEMBER1_
#define OPERATION2 OPERATION_MEMBER2_
#define OPERATION3 OPERATION_MEMBER3_
#define OPERATION4 OPERATION_MEMBER4_
#define OPERATION5 OPERATION_MEMBER5_
#include <kernel/vfs/disk_fs_operations.def>
#include <kernel/boundary/operations_end.h>
};
