/* SPDX-License-Identifier: MIT
 *
 * What ext2 looks like on a disk (little-endian): documented by "The Second
 * Extended File System" (D. Poirier) and by ext4's documentation in Linux
 * (filesystems/ext4), whose names the fields have.
 */
#pragma once

#include <stdint.h>

#define EXT2_MAGIC            0xef53u
#define EXT2_SUPERBLOCK_PLACE 1024u /* bytes from the start of the device */
#define EXT2_BLOCK_SIZE_MIN   1024u
#define EXT2_BLOCK_SIZE_MAX   4096u

struct ext2_superblock {
	uint32_t s_inodes_count, s_blocks_count, s_r_blocks_count;
	uint32_t s_free_blocks_count, s_free_inodes_count;
	uint32_t s_first_data_block, s_log_block_size, s_log_frag_size;
	uint32_t s_blocks_per_group, s_frags_per_group, s_inodes_per_group;
	uint32_t s_mtime, s_wtime;
	uint16_t s_mnt_count, s_max_mnt_count, s_magic, s_state;
	uint16_t s_errors, s_minor_rev_level;
	uint32_t s_lastcheck, s_checkinterval, s_creator_os, s_rev_level;
	uint16_t s_def_resuid, s_def_resgid;
	/* From here on of revision 1. */
	uint32_t s_first_ino;
	uint16_t s_inode_size, s_block_group_nr;
	uint32_t s_feature_compat, s_feature_incompat, s_feature_ro_compat;
	uint8_t s_uuid[16];
	char s_volume_name[16], s_last_mounted[64];
	uint32_t s_algorithm_usage_bitmap;
	uint8_t s_prealloc_blocks, s_prealloc_dir_blocks;
	uint16_t s_reserved_gdt_blocks;
	uint8_t s_journal_uuid[16];
	uint32_t s_journal_inum, s_journal_dev, s_last_orphan;
	uint32_t s_hash_seed[4];
	uint8_t s_def_hash_version, s_jnl_backup_type;
	uint16_t s_desc_size;
	uint32_t s_default_mount_opts, s_first_meta_bg;
	uint32_t s_unused[190];
};
_Static_assert(sizeof(struct ext2_superblock) == 1024, "the superblock has its size");

/* s_state */
#define EXT2_VALID_FS 1u /* unmounted in order */
#define EXT2_ERROR_FS 2u

#define EXT2_REVISION_DYNAMIC 1u
#define EXT2_FIRST_INODE_OLD  11u /* of revision 0 */
#define EXT2_INODE_SIZE_OLD   128u

#define EXT2_COMPAT_HAS_JOURNAL     0x4u
#define EXT2_INCOMPAT_FILETYPE      0x2u
#define EXT2_INCOMPAT_RECOVER       0x4u
#define EXT2_INCOMPAT_META_BG       0x10u
#define EXT2_RO_COMPAT_SPARSE_SUPER 0x1u
#define EXT2_RO_COMPAT_LARGE_FILE   0x2u
#define EXT2_RO_COMPAT_BTREE_DIR    0x4u
#define EXT2_RO_COMPAT_EXTRA_ISIZE  0x40u

struct ext2_group {
	uint32_t bg_block_bitmap, bg_inode_bitmap, bg_inode_table;
	uint16_t bg_free_blocks_count, bg_free_inodes_count, bg_used_dirs_count, bg_flags;
	uint32_t bg_unused[3];
};
_Static_assert(sizeof(struct ext2_group) == 32, "a group descriptor has its size");

#define EXT2_ROOT_INODE 2u

#define EXT2_DIRECT 12u /* blocks whose numbers lie in the inode */
#define EXT2_LEVELS 3u  /* single, double and triple indirect */
#define EXT2_SLOTS  (EXT2_DIRECT + EXT2_LEVELS)

struct ext2_inode_image {
	uint16_t i_mode, i_uid;
	uint32_t i_size, i_atime, i_ctime, i_mtime, i_dtime;
	uint16_t i_gid, i_links_count;
	uint32_t i_blocks; /* of 512 bytes */
	uint32_t i_flags, i_version;
	uint32_t i_block[EXT2_SLOTS];
	uint32_t i_generation, i_file_acl, i_size_high, i_faddr;
	uint16_t i_blocks_high, i_file_acl_high, i_uid_high, i_gid_high;
	uint32_t i_reserved;
	/* From here on of inodes of 256 bytes, as far as i_extra_isize says. */
	uint16_t i_extra_isize, i_checksum_hi;
	uint32_t i_ctime_extra, i_mtime_extra, i_atime_extra, i_crtime, i_crtime_extra;
	uint32_t i_version_hi, i_projid;
};
#define EXT2_EXTRA_SIZE (sizeof(struct ext2_inode_image) - EXT2_INODE_SIZE_OLD)
_Static_assert(sizeof(struct ext2_inode_image) == 160, "an inode has its size");

/* i_flags */
#define EXT2_FLAG_IMMUTABLE 0x10u
#define EXT2_FLAG_APPEND    0x20u
#define EXT2_FLAG_INDEX     0x1000u  /* a directory with a hash tree */
#define EXT2_FLAG_EXTENTS   0x80000u /* ext4's block map */

/* A fast symbolic link's text lies in i_block. */
#define EXT2_FAST_LINK_MAX (EXT2_SLOTS * sizeof(uint32_t))

#define EXT2_LINK_MAX 32000u

struct ext2_entry {
	uint32_t inode;
	uint16_t rec_len;
	uint8_t name_len, file_type; /* without the feature: name_len's high byte */
	char name[];
};
#define EXT2_ENTRY_HEAD         8u
#define EXT2_ENTRY_SIZE(length) ((EXT2_ENTRY_HEAD + (uint32_t)(length) + 3) & ~3u)

/* A block of extended attributes (i_file_acl), which several inodes may share. */
struct ext2_attribute_header {
	uint32_t h_magic, h_refcount, h_blocks, h_hash, h_checksum, h_reserved[3];
};
#define EXT2_ATTRIBUTE_MAGIC 0xea020000u
