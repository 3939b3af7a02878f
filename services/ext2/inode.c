/* SPDX-License-Identifier: MIT
 *
 * Inodes: read, checked and written, and what the core is told of them.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

static int place_of(struct ext2_fs *fs, uint32_t number, uint64_t *place)
{
	uint32_t group = (number - 1) / fs->inodes_per_group;
	uint32_t index = (number - 1) % fs->inodes_per_group;
	struct ext2_group descriptor = fs->descriptor;
	int error = fs->described == group ? 0 : ext2_group_read(fs, group, &descriptor);

	*place = ext2_byte_of(fs, descriptor.bg_inode_table) + (uint64_t)index * fs->inode_size;
	return error;
}

/* A mode's type is one of the seven. */
static bool has_type(uint16_t mode)
{
	return S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode) || S_ISCHR(mode) || S_ISBLK(mode) ||
	       S_ISFIFO(mode) || S_ISSOCK(mode);
}

int ext2_inode_read(struct ext2_fs *fs, uint32_t number, struct ext2_inode *inode)
{
	if (number != EXT2_ROOT_INODE && number < fs->first_inode)
		return -EUCLEAN;
	return ext2_inode_read_any(fs, number, inode);
}

int ext2_inode_read_any(struct ext2_fs *fs, uint32_t number, struct ext2_inode *inode)
{
	uint64_t place;
	int error;

	if (number == 0 || number > fs->inodes)
		return -EUCLEAN;
	error = place_of(fs, number, &place);
	if (error)
		return error;
	*inode = (struct ext2_inode){.fs = fs, .number = number};
	error = ext2_device_read(fs, place, &inode->image, fs->inode_image);
	if (error)
		return error;
	if (inode->image.i_mode == 0 && inode->image.i_links_count == 0)
		return -ENOENT;
	if (!has_type(inode->image.i_mode) || (inode->image.i_flags & EXT2_FLAG_EXTENTS))
		return -EUCLEAN;
	if (S_ISREG(inode->image.i_mode) && ext2_size_of(inode) > ext2_map_limit(fs)
	                                                                  << fs->block_shift)
		return -EUCLEAN;
	return 0;
}

int ext2_inode_write(const struct ext2_inode *inode)
{
	struct ext2_fs *fs = inode->fs;
	uint64_t place;
	int error = place_of(fs, inode->number, &place);

	return error ? error
	             : ext2_device_write(fs, place, &inode->image, fs->inode_image,
	                                 BLOCK_RANK_INODES);
}

int ext2_inode_find(uint64_t object, struct ext2_inode *inode)
{
	struct ext2_fs *fs;
	int error = ext2_fs_find(DISK_OF_OBJECT(object), &fs);

	return error ? error : ext2_inode_read(fs, (uint32_t)object, inode);
}

int ext2_inode_find_writable(uint64_t object, struct ext2_inode *inode)
{
	int error = ext2_inode_find(object, inode);

	if (error)
		return error;
	return inode->fs->read_only ? -EROFS : 0;
}

int ext2_directory_find(uint64_t object, struct ext2_inode *directory)
{
	int error = ext2_inode_find(object, directory);

	if (error)
		return error;
	return S_ISDIR(directory->image.i_mode) ? 0 : -ENOTDIR;
}

int ext2_directory_find_writable(uint64_t object, struct ext2_inode *directory)
{
	int error = ext2_directory_find(object, directory);

	if (error)
		return error;
	if (directory->fs->read_only)
		return -EROFS;
	return directory->image.i_links_count ? 0 : -ENOENT; /* it was removed */
}

uint64_t ext2_size_of(const struct ext2_inode *inode)
{
	uint64_t high = S_ISREG(inode->image.i_mode) ? inode->image.i_size_high : 0;

	return high << 32 | inode->image.i_size;
}

int ext2_size_set(struct ext2_inode *inode, uint64_t size)
{
	struct ext2_fs *fs = inode->fs;

	if (size > ext2_map_limit(fs) << fs->block_shift)
		return -EFBIG;
	if (size > INT32_MAX && !(fs->features_read_only & EXT2_RO_COMPAT_LARGE_FILE)) {
		uint32_t features = fs->features_read_only | EXT2_RO_COMPAT_LARGE_FILE;
		int error;

		if (fs->revision != EXT2_REVISION_DYNAMIC)
			return -EFBIG; /* has no place for it */
		error = ext2_superblock_set(fs, EXT2_FIELD(s_feature_ro_compat), &features);
		if (error)
			return error;
	}
	inode->image.i_size = (uint32_t)size;
	if (S_ISREG(inode->image.i_mode))
		inode->image.i_size_high = (uint32_t)(size >> 32);
	return 0;
}

uint32_t ext2_uid_of(const struct ext2_inode *inode)
{
	return (uint32_t)inode->image.i_uid_high << 16 | inode->image.i_uid;
}

void ext2_owner_set(struct ext2_inode *inode, uint32_t uid, uint32_t gid)
{
	inode->image.i_uid = (uint16_t)uid;
	inode->image.i_uid_high = (uint16_t)(uid >> 16);
	inode->image.i_gid = (uint16_t)gid;
	inode->image.i_gid_high = (uint16_t)(gid >> 16);
}

int ext2_may_change(const struct ext2_inode *inode, uint32_t forbidding)
{
	return inode->image.i_flags & forbidding ? -EPERM : 0;
}

/* A node's device: of 16 bits in the first slot, else Linux's 32 bits in the second. */
static uint32_t device_of(const struct ext2_inode *inode)
{
	uint32_t wide = inode->image.i_block[1];

	if (!S_ISCHR(inode->image.i_mode) && !S_ISBLK(inode->image.i_mode))
		return 0;
	if (inode->image.i_block[0])
		return inode->image.i_block[0] & 0xffff;
	return (wide & 0xfff00) | (wide & 0xff);
}

void ext2_inode_describe(const struct ext2_inode *inode, struct fs_attr *attr)
{
	const struct ext2_inode_image *image = &inode->image;

	*attr = (struct fs_attr){
	        .object = (uint64_t)inode->fs->device << 32 | inode->number,
	        .size = ext2_size_of(inode),
	        .blocks = image->i_blocks,
	        .access_time = ext2_time_of(inode, EXT2_ACCESS),
	        .modify_time = ext2_time_of(inode, EXT2_MODIFY),
	        .change_time = ext2_time_of(inode, EXT2_CHANGE),
	        .mode = image->i_mode,
	        .links = image->i_links_count,
	        .uid = ext2_uid_of(inode),
	        .gid = (uint32_t)image->i_gid_high << 16 | image->i_gid,
	        .device = device_of(inode),
	        .flags = S_ISREG(image->i_mode) ? FS_ATTR_BLOCKS : 0,
	};
}
