/* SPDX-License-Identifier: MIT
 *
 * Allocation of blocks: at the goal, else behind it in its group, else from the
 * start of that group, else in the groups behind. The bitmap says what is free;
 * counts only save a look into full groups.
 */
#include <services/ext2/ext2.h>

uint32_t ext2_goal_of(const struct ext2_inode *inode)
{
	return ext2_group_start(inode->fs, (inode->number - 1) / inode->fs->inodes_per_group);
}

/* How many blocks an owner may have still: the last ones are kept for root. */
static int blocks_left(const struct ext2_inode *inode, uint32_t *left)
{
	const struct ext2_fs *fs = inode->fs;
	uint32_t uid = ext2_uid_of(inode);
	int error = ext2_superblock_get(fs, EXT2_FIELD(s_free_blocks_count), left);

	if (error || uid == 0 || uid == fs->reserved_uid)
		return error;
	*left = *left > fs->reserved_blocks ? *left - fs->reserved_blocks : 0;
	return 0;
}

/* A run of free blocks in [from, to) of a group, as long as wanted at most: *count is 0 when there
 * is none. */
static int search(struct ext2_fs *fs, uint32_t number, const struct ext2_group *group,
                  uint32_t from, uint32_t to, uint32_t *first, uint32_t *count)
{
	uint8_t *bits = ext2_state.work.bitmap;
	uint32_t start = from / 64 * 64, end;
	int error = ext2_device_read(fs, ext2_byte_of(fs, group->bg_block_bitmap) + start / 8, bits,
	                             (to + 7) / 8 - start / 8);

	if (error)
		return error;
	if (fs->sets)
		ext2_freed_mark(fs->sets[number].blocks, start, bits, (to + 7) / 8 - start / 8);
	*first = ext2_bit_find(bits, from - start, to - start, false);
	end = *first + *count < to - start ? *first + *count : to - start;
	end = ext2_bit_find(bits, *first, end, true);
	*count = end - *first;
	*first += start;
	return 0;
}

/* Take a run that search found. */
static int take(struct ext2_inode *inode, uint32_t number, struct ext2_group *group, uint32_t first,
                uint32_t count)
{
	struct ext2_fs *fs = inode->fs;
	uint64_t sectors = (uint64_t)count << (fs->block_shift - 9);
	int error = ext2_blocks_check(fs, ext2_group_start(fs, number) + first, count);

	if (!error && group->bg_free_blocks_count < count)
		error = -EUCLEAN;
	if (!error && inode->image.i_blocks + sectors > UINT32_MAX)
		error = -EFBIG;
	if (!error)
		error = ext2_bits_change(fs, group->bg_block_bitmap, first, count, true);
	if (error)
		return error;
	group->bg_free_blocks_count = (uint16_t)(group->bg_free_blocks_count - count);
	error = ext2_group_write(fs, number, group);
	if (error)
		return error;
	inode->image.i_blocks += (uint32_t)sectors;
	return ext2_superblock_add(fs, EXT2_FIELD(s_free_blocks_count), -(int64_t)count,
	                           fs->blocks);
}

static int allocate_in(struct ext2_inode *inode, uint32_t number, uint32_t from, uint32_t *first,
                       uint32_t *count)
{
	struct ext2_fs *fs = inode->fs;
	uint32_t blocks = ext2_group_blocks(fs, number), wanted = *count;
	struct ext2_group group;
	int error = ext2_group_read(fs, number, &group);

	if (error)
		return error;
	*count = 0;
	if (group.bg_free_blocks_count == 0)
		return 0;
	*count = wanted;
	error = search(fs, number, &group, from, blocks, first, count);
	if (!error && *count == 0 && from > 0) {
		*count = wanted;
		error = search(fs, number, &group, 0, from, first, count);
	}
	if (error || *count == 0)
		return error;
	error = take(inode, number, &group, *first, *count);
	*first += ext2_group_start(fs, number);
	return error;
}

int ext2_blocks_allocate(struct ext2_inode *inode, uint32_t goal, uint32_t *first, uint32_t *count)
{
	struct ext2_fs *fs = inode->fs;
	uint32_t wanted = *count, group, from, left;
	int error = fs->settled ? blocks_left(inode, &left) : -ENOSPC;

	if (error)
		return error;
	if (wanted > left)
		wanted = left;
	if (wanted == 0)
		return -ENOSPC;
	if (goal < fs->first_block || goal >= fs->blocks)
		goal = fs->first_block;
	group = (goal - fs->first_block) / fs->blocks_per_group;
	from = (goal - fs->first_block) % fs->blocks_per_group;
	for (uint32_t i = 0; i < fs->groups; i++) {
		*count = wanted;
		error = allocate_in(inode, group, from, first, count);
		if (error || *count > 0)
			return error;
		group = group + 1 < fs->groups ? group + 1 : 0;
		from = 0;
	}
	return -ENOSPC;
}

int ext2_blocks_free(struct ext2_inode *inode, uint32_t first, uint32_t count)
{
	struct ext2_fs *fs = inode->fs;
	uint32_t number, bit, sectors = count << (fs->block_shift - 9);
	struct ext2_group group;
	int error = ext2_blocks_check(fs, first, count);

	if (error)
		return error;
	number = (first - fs->first_block) / fs->blocks_per_group;
	bit = (first - fs->first_block) % fs->blocks_per_group;
	error = ext2_group_read(fs, number, &group);
	if (!error && (group.bg_free_blocks_count + count > ext2_group_blocks(fs, number) ||
	               sectors > inode->image.i_blocks))
		error = -EUCLEAN;
	if (!error)
		error = ext2_bits_change(fs, group.bg_block_bitmap, bit, count, false);
	if (!error)
		error = ext2_freed_blocks(fs, number, bit, count);
	if (error)
		return error;
	group.bg_free_blocks_count = (uint16_t)(group.bg_free_blocks_count + count);
	error = ext2_group_write(fs, number, &group);
	if (error)
		return error;
	inode->image.i_blocks -= sectors;
	return ext2_superblock_add(fs, EXT2_FIELD(s_free_blocks_count), count, fs->blocks);
}
