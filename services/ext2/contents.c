/* SPDX-License-Identifier: MIT
 *
 * Contents: ext2 says where they lie and makes room; the core reads and writes
 * them. read and write are for files without blocks, which ext2 does not have.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

static uint64_t blocks_up_to(const struct ext2_fs *fs, uint64_t size)
{
	return (size >> fs->block_shift) + ((size & (fs->block_size - 1)) != 0);
}

long ext2_map(uint64_t object, uint64_t offset, uint64_t size, struct fs_run *run)
{
	struct ext2_inode inode;
	uint64_t blocks, within;
	uint32_t block;
	int error = ext2_inode_find(object, &inode);

	if (error)
		return error;
	if (!S_ISREG(inode.image.i_mode) || size == 0)
		return -EINVAL;
	error = ext2_map_block(&inode, offset >> inode.fs->block_shift, &block, &blocks);
	if (error)
		return error;
	within = offset & (inode.fs->block_size - 1);
	*run = (struct fs_run){
	        .offset = block ? ext2_byte_of(inode.fs, block) + within : 0,
	        .size = (blocks << inode.fs->block_shift) - within,
	        .hole = block == 0,
	};
	return 0;
}

static long do_extend(uint64_t object, uint64_t offset, uint64_t size, struct fs_attr *attr)
{
	uint64_t end = offset + size;
	struct ext2_inode inode;
	int error = ext2_inode_find_writable(object, &inode);

	if (error)
		return error;
	if (!S_ISREG(inode.image.i_mode))
		return -EINVAL;
	if (end < offset)
		return -EFBIG;
	error = ext2_may_change(&inode, offset < ext2_size_of(&inode)
	                                        ? EXT2_FLAG_IMMUTABLE | EXT2_FLAG_APPEND
	                                        : EXT2_FLAG_IMMUTABLE);
	if (!error && end > ext2_size_of(&inode))
		error = ext2_size_set(&inode, end);
	if (!error && size > 0)
		error = ext2_map_extend(&inode, offset >> inode.fs->block_shift,
		                        blocks_up_to(inode.fs, end));
	if (error)
		return error;
	ext2_touch_modified(&inode);
	/* Who writes to a file takes its set-user-ID away (chmod(2)). */
	if (inode.image.i_mode & S_IXGRP)
		inode.image.i_mode &= (uint16_t)~S_ISGID;
	inode.image.i_mode &= (uint16_t)~S_ISUID;
	ext2_inode_describe(&inode, attr);
	return ext2_inode_write(&inode);
}

long ext2_extend(uint64_t object, uint64_t offset, uint64_t size, struct fs_attr *attr)
{
	return ext2_end(do_extend(object, offset, size, attr));
}

static int set_size(struct ext2_inode *inode, uint64_t size)
{
	bool shorter = size < ext2_size_of(inode);
	int error = ext2_may_change(inode, EXT2_FLAG_APPEND);

	if (!error && !S_ISREG(inode->image.i_mode))
		error = -EINVAL;
	if (!error)
		error = ext2_size_set(inode, size);
	if (!error && shorter)
		error = ext2_map_truncate(inode, blocks_up_to(inode->fs, size));
	if (!error)
		ext2_touch_modified(inode);
	return error;
}

static long do_setattr(uint64_t object, struct fs_attr *attr, uint32_t valid)
{
	struct ext2_inode inode;
	struct ext2_inode_image *image = &inode.image;
	uint32_t uid, gid;
	int error = ext2_inode_find_writable(object, &inode);

	if (!error)
		error = ext2_may_change(&inode, EXT2_FLAG_IMMUTABLE);
	if (!error && (valid & FS_SET_SIZE))
		error = set_size(&inode, attr->size);
	if (error)
		return error;
	if (valid & FS_SET_MODE)
		image->i_mode = (uint16_t)((image->i_mode & S_IFMT) | (attr->mode & 07777));
	uid = valid & FS_SET_UID ? attr->uid : ext2_uid_of(&inode);
	gid = valid & FS_SET_GID ? attr->gid : (uint32_t)image->i_gid_high << 16 | image->i_gid;
	ext2_owner_set(&inode, uid, gid);
	if (valid & FS_SET_ATIME)
		ext2_time_set(&inode, EXT2_ACCESS, attr->access_time);
	if (valid & FS_SET_MTIME)
		ext2_time_set(&inode, EXT2_MODIFY, attr->modify_time);
	ext2_touch_changed(&inode);
	ext2_inode_describe(&inode, attr);
	return ext2_inode_write(&inode);
}

long ext2_setattr(uint64_t object, struct fs_attr *attr, uint32_t valid)
{
	return ext2_end(do_setattr(object, attr, valid));
}

long ext2_read(uint64_t object, uint64_t offset, void *buffer, uint64_t size)
{
	return -EINVAL;
}

long ext2_write(uint64_t object, uint64_t offset, const void *buffer, uint64_t size)
{
	return -EINVAL;
}
