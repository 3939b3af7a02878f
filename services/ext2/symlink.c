/* SPDX-License-Identifier: MIT
 *
 * Symbolic links: a short text lies in the inode, where a file's block numbers
 * are, a longer one in a block.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

bool ext2_link_is_fast(const struct ext2_inode *inode)
{
	uint32_t attributes = inode->image.i_file_acl ? inode->fs->block_size / 512 : 0;

	return S_ISLNK(inode->image.i_mode) && inode->image.i_blocks == attributes;
}

int ext2_target_set(struct ext2_inode *inode, const char *target)
{
	struct ext2_fs *fs = inode->fs;
	uint32_t length = (uint32_t)strnlen(target, fs->block_size), count = 1;
	int error;

	if (length == 0)
		return -ENOENT;
	if (length >= fs->block_size)
		return -ENAMETOOLONG;
	inode->image.i_size = length;
	if (length < EXT2_FAST_LINK_MAX) {
		memcpy(inode->image.i_block, target, length);
		return 0;
	}
	error = ext2_blocks_allocate(inode, ext2_goal_of(inode), &inode->image.i_block[0], &count);
	if (!error)
		error = ext2_write_zeros(fs, inode->image.i_block[0], BLOCK_RANK_CONTENTS);
	if (error)
		return error;
	memcpy(ext2_state.work.text, target, length);
	return ext2_device_write(fs, ext2_byte_of(fs, inode->image.i_block[0]),
	                         ext2_state.work.text, length, BLOCK_RANK_CONTENTS);
}

long ext2_readlink(uint64_t object, char *buffer, uint64_t size)
{
	struct ext2_inode inode;
	uint64_t length, run;
	uint32_t block;
	int error = ext2_inode_find(object, &inode);

	if (error)
		return error;
	if (!S_ISLNK(inode.image.i_mode))
		return -EINVAL;
	length = inode.image.i_size;
	if (length >= (ext2_link_is_fast(&inode) ? EXT2_FAST_LINK_MAX : inode.fs->block_size))
		return -EUCLEAN;
	if (size > length)
		size = length;
	if (ext2_link_is_fast(&inode)) {
		memcpy(buffer, inode.image.i_block, size);
		return (long)size;
	}
	error = ext2_map_block(&inode, 0, &block, &run);
	if (!error && !block)
		error = -EUCLEAN;
	if (!error)
		error = ext2_device_read(inode.fs, ext2_byte_of(inode.fs, block),
		                         ext2_state.work.text, (uint32_t)size);
	if (error)
		return error;
	memcpy(buffer, ext2_state.work.text, size);
	return (long)size;
}
