/* SPDX-License-Identifier: MIT
 *
 * The language between the core and drivers of block devices: the types that
 * block_operations.def speaks of, and the ops struct made from it.
 */
#pragma once

#include <stdint.h>

#include <kernel/boundary/operations.h>

/* A disk's number in /dev: the major number that Linux gives the first that asks, and minors as its
 * virtio_blk deals them out. */
#define DISK_MAJOR          254u
#define DISK_DEVICE(number) (DISK_MAJOR << 8 | (number) << 4)
#define DISK_NUMBER(device) (((device) & 0xffu) >> 4)

#define BLOCK_SECTOR 512u /* bytes; what offsets and sizes are multiples of */

enum block_action { BLOCK_READ, BLOCK_WRITE, BLOCK_FLUSH, BLOCK_DISCARD };

/* In which order the writes of a batch reach a device: all of one rank before those of the next.
 * A name without an inode is mended by e2fsck -p, an inode without a name is not. */
enum block_rank {
	BLOCK_RANK_CONTENTS,
	BLOCK_RANK_NAMES,
	BLOCK_RANK_INODES,
	BLOCK_RANK_MAPS,
	BLOCK_RANKS,
};

/* A disk by its number, and a rank of its writes. */
#define BLOCK_WHERE(number, rank) ((uint32_t)(rank) << 16 | (number))
#define BLOCK_WHERE_NUMBER(where) ((where) & 0xffffu)
#define BLOCK_WHERE_RANK(where)   ((where) >> 16)

struct block_info {
	uint64_t size; /* bytes */
	uint32_t read_only, can_flush;
	uint64_t discard_max; /* bytes of one request; 0: it cannot */
};

/* What a discard moves to the device: one range, in sectors, as virtio (5.2.6.1) has it. */
struct block_range {
	uint64_t first;
	uint32_t count, flags; /* flags: 0 */
};

struct block_request {
	uint64_t tag;    /* the transfer's, for core_queue_add */
	uint64_t offset; /* bytes; where on the device */
	uint32_t action; /* enum block_action */
};

/* A request that came to an end: 0 or a negative errno. */
struct block_answer {
	uint64_t tag;
	int64_t result;
};

struct block_ops {
#define OPERATION1 OPERATION_MEMBER1_
#define OPERATION2 OPERATION_MEMBER2_
#define OPERATION3 OPERATION_MEMBER3_
#define OPERATION4 OPERATION_MEMBER4_
#define OPERATION5 OPERATION_MEMBER5_
#include <kernel/block/block_operations.def>
#include <kernel/boundary/operations_end.h>
};
