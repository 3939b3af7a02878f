/* SPDX-License-Identifier: MIT
 *
 * ext2 on the core's block cache. What lies on the device is the truth: every
 * operation reads what it needs through core calls and writes its changes back,
 * which the core keeps when the call ends well and drops whole when it falls or
 * answers an error. So nothing here is ever undone, and what ext2 has in its own
 * memory (the shape of each file system, and the blocks and inodes freed since
 * the last sync) may be lost at any moment.
 *
 * Nothing that was read is trusted: a number from the device is compared with
 * the bounds of its file system before it is used, and what cannot be is
 * -EUCLEAN. Functions answer 0 or a negative errno.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/cap.h>
#include <aramid/check.h>
#include <kernel/block/block.h>
#include <kernel/boundary/core_calls.h>
#include <kernel/boundary/service_rights.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/vfs/disk_fs.h>
#include <services/ext2/format.h>

#define EXT2_DEVICES 16u /* file systems at a time */

/* Of a group, a bit each; NULL: none. */
struct ext2_sets {
	/* What was freed since the last sync: it may still be in use on the device. */
	uint64_t *blocks, *inodes;
	uint64_t *logged; /* blocks that the journal is to have */
};

#define EXT2_LOG_BLOCKS 4u

/* The journal of a file system that has one (journal.c, log.c). */
struct ext2_journal {
	bool usable;
	bool ready;     /* the device knows that it is in use, and the log is whole */
	uint32_t inode; /* whose contents it is */
	uint32_t first; /* of the two halves */
	uint32_t half;  /* blocks */
	uint32_t log[EXT2_LOG_BLOCKS]; /* blocks of the device */
	uint32_t *blocks;              /* written since the last sync */
	uint32_t count;                /* of them; more than room: too many for the journal */
	uint32_t kept;                 /* those of calls that have ended well */
	uint32_t room;
};

/* The shape of a file system, which does not change while it is mounted. */
struct ext2_fs {
	bool present;
	/* What was freed since the last batch is known: not after a restart, until the next one. */
	bool settled;
	bool read_only; /* it has features that allow no more, or lies on such a device */
	uint32_t device;
	uint32_t block_size, block_shift;
	uint32_t blocks, first_block, blocks_per_group; /* first_block: where group 0 begins */
	uint32_t inodes, inodes_per_group, first_inode; /* first_inode: that is not reserved */
	uint32_t groups, first_meta_group;
	uint32_t reserved_blocks, reserved_uid; /* kept for root and for this owner */
	uint32_t inode_size, inode_image;       /* inode_image: how much of it is read */
	uint32_t revision, features, features_incompatible, features_read_only;
	struct ext2_sets *sets; /* by group; NULL: nothing */
	struct ext2_journal journal;
	uint32_t described; /* the group in descriptor, groups: none */
	struct ext2_group descriptor;
};

/* An inode that is worked on: a copy of what the device has. */
struct ext2_inode {
	struct ext2_fs *fs;
	uint32_t number;
	struct ext2_inode_image image;
};

/* Where an entry lies in a directory. */
struct ext2_place {
	uint32_t logical; /* block of the directory */
	uint32_t block;   /* of the device */
	uint32_t offset;  /* in the block */
};

/* Blocks that are worked on, too large for a stack. */
struct ext2_work {
	uint8_t directory[EXT2_BLOCK_SIZE_MAX];
	uint32_t tables[EXT2_LEVELS][EXT2_BLOCK_SIZE_MAX / sizeof(uint32_t)];
	uint8_t bitmap[EXT2_BLOCK_SIZE_MAX];
	/* Of a link. The core moves bytes from and to the service's own memory alone, and a
	 * caller's text lies elsewhere. */
	char text[EXT2_BLOCK_SIZE_MAX];
};

struct ext2_state {
	struct ext2_fs file_systems[EXT2_DEVICES];
	struct ext2_fs *last; /* which the last call was about */
	struct ext2_work work;
};

extern struct ext2_state ext2_state;

/* What the core handed over at the start: the carrier. */
struct ext2_rights {
	CAP(block_access) write;
	CAP(block_read) read;
};

extern struct ext2_rights ext2_rights;

/* ---- device.c: bytes of the device ---- */

int __must_check ext2_device_read(const struct ext2_fs *fs, uint64_t offset, void *to,
                                  uint32_t size);
/* rank: where there is no journal. */
int __must_check ext2_device_write(struct ext2_fs *fs, uint64_t offset, const void *from,
                                   uint32_t size, enum block_rank rank);
/* Past the journal. */
int __must_check ext2_device_write_at(const struct ext2_fs *fs, uint64_t offset, const void *from,
                                      uint32_t size, enum block_rank rank);
uint64_t ext2_byte_of(const struct ext2_fs *fs, uint32_t block);
int __must_check ext2_write_zeros_at(const struct ext2_fs *fs, uint32_t block);
int __must_check ext2_write_zeros(struct ext2_fs *fs, uint32_t block, enum block_rank rank);

/* ---- superblock.c ---- */

/* Read and check it: -EINVAL (not ext2), -EOPNOTSUPP (a feature that it cannot honour), -EUCLEAN.
 */
int __must_check ext2_superblock_read(uint32_t device, struct ext2_superblock *superblock,
                                      struct ext2_fs *fs);
/* The file system of a device or of an object, known or read now. */
int __must_check ext2_fs_find(uint32_t device, struct ext2_fs **fs);
void ext2_fs_forget(struct ext2_fs *fs);
/* A field of the superblock, by its offset and size. */
#define EXT2_FIELD(name)                                                                           \
	(uint32_t)__builtin_offsetof(struct ext2_superblock, name),                                \
	        (uint32_t)sizeof(((struct ext2_superblock *)0)->name)
int __must_check ext2_superblock_get(const struct ext2_fs *fs, uint32_t offset, uint32_t size,
                                     void *to);
int __must_check ext2_superblock_set(struct ext2_fs *fs, uint32_t offset, uint32_t size,
                                     const void *from);
/* Add to a count of free blocks or inodes. */
int __must_check ext2_superblock_add(struct ext2_fs *fs, uint32_t offset, uint32_t size,
                                     int64_t change, uint32_t limit);

/* ---- group.c: group descriptors ---- */

int __must_check ext2_group_read(struct ext2_fs *fs, uint32_t number, struct ext2_group *group);
int __must_check ext2_group_write(struct ext2_fs *fs, uint32_t number,
                                  const struct ext2_group *group);
bool ext2_group_has_superblock(const struct ext2_fs *fs, uint32_t number);
uint32_t ext2_group_start(const struct ext2_fs *fs, uint32_t number);
uint32_t ext2_group_blocks(const struct ext2_fs *fs, uint32_t number);
/* Whether [block, block + count) may hold contents: in one group and none of its tables. */
int __must_check ext2_blocks_check(struct ext2_fs *fs, uint32_t block, uint32_t count);

/* ---- freed.c: what may not be used again before the next sync ---- */

/* A set of a group, made when it is missing: NULL without memory. */
enum ext2_set { EXT2_SET_BLOCKS, EXT2_SET_INODES, EXT2_SET_LOGGED };
uint64_t *ext2_set_of(struct ext2_fs *fs, uint32_t group, enum ext2_set which);

int __must_check ext2_freed_blocks(struct ext2_fs *fs, uint32_t group, uint32_t bit,
                                   uint32_t count);
int __must_check ext2_freed_inode(struct ext2_fs *fs, uint32_t group, uint32_t bit);
/* Enter what was freed into a part of a bitmap, which begins at a bit that is a multiple of 64. */
void ext2_freed_mark(const uint64_t *freed, uint32_t first, void *bits, uint32_t size);
void ext2_sets_forget(struct ext2_fs *fs);

/* ---- journal.c: batches that reach the device whole ---- */

/* Look for a journal that can be used. */
int __must_check ext2_journal_find(struct ext2_fs *fs, const struct ext2_superblock *superblock);
/* A journal that has transactions to be replayed: -EUCLEAN. */
int __must_check ext2_journal_must_be_empty(struct ext2_fs *fs);
/* Write what the batch has into the journal. */
int __must_check ext2_journal_write(struct ext2_fs *fs);
/* It holds nothing from here on. */
int __must_check ext2_journal_close(struct ext2_fs *fs);

/* ---- log.c: which blocks a batch has ---- */

/* A block is written: it is entered, and *rank is what the journal asks for. */
int __must_check ext2_log(struct ext2_fs *fs, uint64_t offset, enum block_rank *rank);
/* A call that changes something has ended: its answer. What it wrote stays in the log or not. */
long ext2_end(long result);
/* Room for a log, and it read from where it is kept: ready when it is whole. */
int __must_check ext2_log_load(struct ext2_fs *fs);
/* A new one begins, which is whole; or there is none. */
int __must_check ext2_log_start(struct ext2_fs *fs);
int __must_check ext2_log_stop(struct ext2_fs *fs);

/* ---- bitmap.c ---- */

/* The first bit in [from, to) that is set or is not; to when there is none. */
uint32_t ext2_bit_find(const uint8_t *bits, uint32_t from, uint32_t to, bool set);
/* Set or clear [from, from + count): -EUCLEAN when one of them is so already. */
int __must_check ext2_bits_change(struct ext2_fs *fs, uint32_t bitmap, uint32_t from,
                                  uint32_t count, bool set);

/* ---- block_allocate.c ---- */

/* Up to *count contiguous blocks for an inode, near the goal: at least one, or -ENOSPC. i_blocks
 * follows. */
int __must_check ext2_blocks_allocate(struct ext2_inode *inode, uint32_t goal, uint32_t *first,
                                      uint32_t *count);
int __must_check ext2_blocks_free(struct ext2_inode *inode, uint32_t first, uint32_t count);
/* Where the first block of an inode is looked for. */
uint32_t ext2_goal_of(const struct ext2_inode *inode);

/* ---- inode_allocate.c ---- */

int __must_check ext2_inode_allocate(const struct ext2_inode *parent,
                                     const struct fs_new *new_object, struct ext2_inode *inode);
/* Its number is free again; what it has was freed before. */
int __must_check ext2_inode_free(struct ext2_inode *inode);

/* ---- inode.c ---- */

int __must_check ext2_inode_read(struct ext2_fs *fs, uint32_t number, struct ext2_inode *inode);
/* One of those that no name stands for, too. */
int __must_check ext2_inode_read_any(struct ext2_fs *fs, uint32_t number, struct ext2_inode *inode);
int __must_check ext2_inode_write(const struct ext2_inode *inode);
/* By the core's number: -ENOENT when it is gone. */
int __must_check ext2_inode_find(uint64_t object, struct ext2_inode *inode);
/* The same, to be changed: -EROFS. */
int __must_check ext2_inode_find_writable(uint64_t object, struct ext2_inode *inode);
/* A directory: -ENOTDIR. */
int __must_check ext2_directory_find(uint64_t object, struct ext2_inode *directory);
int __must_check ext2_directory_find_writable(uint64_t object, struct ext2_inode *directory);
void ext2_inode_describe(const struct ext2_inode *inode, struct fs_attr *attr);
uint64_t ext2_size_of(const struct ext2_inode *inode);
/* -EFBIG; the superblock learns of the first large file. */
int __must_check ext2_size_set(struct ext2_inode *inode, uint64_t size);
uint32_t ext2_uid_of(const struct ext2_inode *inode);
void ext2_owner_set(struct ext2_inode *inode, uint32_t uid, uint32_t gid);
/* -EPERM where a flag forbids the change (chattr(1)). */
int __must_check ext2_may_change(const struct ext2_inode *inode, uint32_t forbidding);

/* ---- times.c ---- */

enum ext2_time { EXT2_ACCESS, EXT2_MODIFY, EXT2_CHANGE, EXT2_CREATE };

uint64_t ext2_time_of(const struct ext2_inode *inode, enum ext2_time which);
void ext2_time_set(struct ext2_inode *inode, enum ext2_time which, uint64_t time);
/* Contents or names changed, or attributes did: now. */
void ext2_touch_modified(struct ext2_inode *inode);
void ext2_touch_changed(struct ext2_inode *inode);

/* ---- block_map.c: from blocks of a file to blocks of the device ---- */

/* Numbers of blocks in the inode or in an indirect block. */
struct ext2_leaf {
	uint32_t *numbers; /* of the block that was asked for and of those behind it */
	uint32_t count;    /* numbers here; of a missing table: blocks that it would reach */
	uint32_t table;    /* the indirect block, 0: the inode */
	uint32_t place;    /* of the first number in its table */
	bool missing;      /* a hole */
};

/* Blocks that a file can have. */
uint64_t ext2_map_limit(const struct ext2_fs *fs);
/* allocate: missing indirect blocks are made. */
int __must_check ext2_leaf_find(struct ext2_inode *inode, uint64_t logical, bool allocate,
                                struct ext2_leaf *leaf);
/* Write back numbers[from, from + count). */
int __must_check ext2_leaf_write(const struct ext2_inode *inode, const struct ext2_leaf *leaf,
                                 uint32_t from, uint32_t count);
/* The block behind a logical one, 0 in a hole, and how many more are contiguous (or holes). */
int __must_check ext2_map_block(struct ext2_inode *inode, uint64_t logical, uint32_t *block,
                                uint64_t *run);
/* Blocks for all of [logical, end). */
int __must_check ext2_map_extend(struct ext2_inode *inode, uint64_t logical, uint64_t end);

/* ---- truncate.c ---- */

/* Free the blocks from a logical one on. */
int __must_check ext2_map_truncate(struct ext2_inode *inode, uint64_t logical);

/* ---- attribute_block.c ---- */

/* The inode lets go of its block of extended attributes. */
int __must_check ext2_attributes_free(struct ext2_inode *inode);

/* ---- directory.c: entries in blocks ---- */

/* Called for each entry that is in use; stops at an answer that is not 0. */
typedef int (*ext2_entry_visitor)(void *context, const struct ext2_place *place,
                                  const struct ext2_entry *entry);
/* Walk the entries from a byte of the directory on (a block's start, or what lies in it). */
int __must_check ext2_directory_walk(struct ext2_inode *directory, uint64_t from,
                                     ext2_entry_visitor visit, void *context);
/* Read a block of a directory into the work space, and check its entries. */
int __must_check ext2_directory_load(struct ext2_inode *directory, uint32_t logical,
                                     struct ext2_place *place);
struct ext2_entry *ext2_entry_at(uint32_t offset);
/* The inode of a name, and its entry, whose block is loaded: -ENOENT. */
int __must_check ext2_entry_find(struct ext2_inode *directory, const char *name, uint32_t *number,
                                 struct ext2_place *place);
/* -ENOTEMPTY when there is more than "." and "..". */
int __must_check ext2_directory_empty(struct ext2_inode *directory);
/* Where ".." leads. */
int __must_check ext2_directory_parent(struct ext2_inode *directory, uint32_t *number);

/* ---- entry.c: changes of directories; the directory's inode is the caller's to write ---- */

/* Where there is room for a name, block 0: nowhere. -EEXIST, -ENAMETOOLONG. */
int __must_check ext2_entry_room(struct ext2_inode *directory, const char *name,
                                 struct ext2_place *room);
int __must_check ext2_entry_insert(struct ext2_inode *directory, const char *name,
                                   const struct ext2_inode *inode, struct ext2_place room);
int __must_check ext2_entry_remove(struct ext2_inode *directory, const char *name);
/* Let an entry stand for another inode. */
int __must_check ext2_entry_change(struct ext2_inode *directory, const char *name,
                                   const struct ext2_inode *inode);
/* The first block of a new directory. */
int __must_check ext2_directory_make(struct ext2_inode *directory, const struct ext2_inode *parent);

/* ---- names.c ---- */

/* An inode has lost a name in a directory: its links, and the directory's. Both are the caller's to
 * write where they are not the inode. */
int __must_check ext2_name_drop(struct ext2_inode *parent, struct ext2_inode *inode);

/* ---- orphan.c ---- */

/* It has lost its last name, and lives until release. */
void ext2_orphan_make(struct ext2_inode *inode);
/* Everything that it has is freed, and its number. */
int __must_check ext2_orphan_free(struct ext2_inode *inode);
/* Free what an orphan list that ext3 left behind names. */
int __must_check ext2_orphans_clear(struct ext2_fs *fs);

/* ---- symlink.c ---- */

int __must_check ext2_target_set(struct ext2_inode *inode, const char *target);
bool ext2_link_is_fast(const struct ext2_inode *inode);

#define DISK_FS_SERVICE ext2
#include <kernel/vfs/disk_fs_service.h>
