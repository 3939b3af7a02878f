/* SPDX-License-Identifier: MIT
 *
 * Blocks of extended attributes. ext2 does not show them, but an inode that goes
 * lets go of its block, which others may share.
 */
#include <services/ext2/ext2.h>

int ext2_attributes_free(struct ext2_inode *inode)
{
	struct ext2_fs *fs = inode->fs;
	uint32_t block = inode->image.i_file_acl, sectors = fs->block_size / 512;
	struct ext2_attribute_header header;
	int error;

	if (!block)
		return 0;
	error = ext2_blocks_check(fs, block, 1);
	if (!error)
		error = ext2_device_read(fs, ext2_byte_of(fs, block), &header, sizeof(header));
	if (error)
		return error;
	if (header.h_magic != EXT2_ATTRIBUTE_MAGIC || header.h_refcount == 0 ||
	    inode->image.i_blocks < sectors)
		return -EUCLEAN;
	inode->image.i_file_acl = 0;
	if (header.h_refcount == 1)
		return ext2_blocks_free(inode, block, 1);
	header.h_refcount--;
	inode->image.i_blocks -= sectors;
	return ext2_device_write(fs, ext2_byte_of(fs, block), &header, sizeof(header),
	                         BLOCK_RANK_CONTENTS);
}
