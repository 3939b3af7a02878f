/* SPDX-License-Identifier: MIT
 *
 * root, getattr and statfs.
 */
#include <linux/magic.h>
#include <services/ext2/ext2.h>

/* Of the file system that the last call was about: these operations name none. */
static int last_one(struct ext2_fs **fs)
{
	*fs = ext2_state.last;
	return *fs ? 0 : -ENODEV;
}

long ext2_root(struct fs_attr *attr)
{
	struct ext2_inode inode;
	struct ext2_fs *fs;
	int error = last_one(&fs);

	if (!error)
		error = ext2_inode_read(fs, EXT2_ROOT_INODE, &inode);
	if (!error)
		ext2_inode_describe(&inode, attr);
	return error;
}

long ext2_getattr(uint64_t object, struct fs_attr *attr)
{
	struct ext2_inode inode;
	int error = ext2_inode_find(object, &inode);

	if (!error)
		ext2_inode_describe(&inode, attr);
	return error;
}

/* Blocks that hold no tables, as Linux counts them (minixdf is not set). */
static int count_overhead(struct ext2_fs *fs, const struct ext2_superblock *sb, uint64_t *overhead)
{
	uint32_t per_block = fs->block_size / sizeof(struct ext2_group);
	uint32_t descriptors = (fs->groups + per_block - 1) / per_block;
	uint32_t tables = 2 + fs->inodes_per_group / (fs->block_size / fs->inode_size);

	*overhead = fs->first_block;
	for (uint32_t group = 0; group < fs->groups; group++) {
		if (ext2_group_has_superblock(fs, group))
			*overhead += 1 + (uint64_t)descriptors;
		*overhead += tables;
	}
	return *overhead > fs->blocks || sb->s_free_blocks_count > fs->blocks ||
	                       sb->s_free_inodes_count > fs->inodes
	               ? -EUCLEAN
	               : 0;
}

long ext2_statfs(uint64_t object, struct fs_statistics *statistics)
{
	struct ext2_superblock sb;
	struct ext2_fs *fs;
	uint64_t overhead;
	int error = ext2_fs_find(DISK_OF_OBJECT(object), &fs);

	if (!error)
		error = ext2_device_read(fs, EXT2_SUPERBLOCK_PLACE, &sb, sizeof(sb));
	if (!error)
		error = count_overhead(fs, &sb, &overhead);
	if (error)
		return error;
	*statistics = (struct fs_statistics){
	        .type = EXT2_SUPER_MAGIC,
	        .block_size = fs->block_size,
	        .blocks = fs->blocks - overhead,
	        .blocks_free = sb.s_free_blocks_count,
	        .files = fs->inodes,
	        .files_free = sb.s_free_inodes_count,
	};
	return 0;
}
