/* SPDX-License-Identifier: MIT
 *
 * Bytes of the device, through the core's cache: a call reaches into one page.
 */
#include <services/ext2/ext2.h>

#define PAGE 4096u

static uint32_t within_page(uint64_t offset, uint32_t size)
{
	uint32_t room = PAGE - (uint32_t)(offset % PAGE);

	return size < room ? size : room;
}

int ext2_device_read(const struct ext2_fs *fs, uint64_t offset, void *to, uint32_t size)
{
	for (uint32_t done = 0, part; done < size; done += part) {
		int error;

		part = within_page(offset + done, size - done);
		error = core_block_read(ext2_rights.read, fs->device, offset + done,
		                        (uint8_t *)to + done, part);
		if (error)
			return error;
	}
	return 0;
}

int ext2_device_write_at(const struct ext2_fs *fs, uint64_t offset, const void *from, uint32_t size,
                         enum block_rank rank)
{
	for (uint32_t done = 0, part; done < size; done += part) {
		int error;

		part = within_page(offset + done, size - done);
		error = core_block_write(ext2_rights.write, BLOCK_WHERE(fs->device, rank),
		                         offset + done, (const uint8_t *)from + done, part);
		if (error)
			return error;
	}
	return 0;
}

int ext2_device_write(struct ext2_fs *fs, uint64_t offset, const void *from, uint32_t size,
                      enum block_rank rank)
{
	int error = ext2_log(fs, offset, &rank);

	return error ? error : ext2_device_write_at(fs, offset, from, size, rank);
}

uint64_t ext2_byte_of(const struct ext2_fs *fs, uint32_t block)
{
	return (uint64_t)block << fs->block_shift;
}

static const uint8_t zeros[EXT2_BLOCK_SIZE_MAX];

int ext2_write_zeros_at(const struct ext2_fs *fs, uint32_t block)
{
	return ext2_device_write_at(fs, ext2_byte_of(fs, block), zeros, fs->block_size,
	                            BLOCK_RANK_CONTENTS);
}

int ext2_write_zeros(struct ext2_fs *fs, uint32_t block, enum block_rank rank)
{
	return ext2_device_write(fs, ext2_byte_of(fs, block), zeros, fs->block_size, rank);
}
