/* SPDX-License-Identifier: MIT
 *
 * Group descriptors. Each reading checks that the group's tables lie in the
 * group, so that no file can be made to reach them. The last one is kept.
 */
#include <services/ext2/ext2.h>

uint32_t ext2_group_start(const struct ext2_fs *fs, uint32_t number)
{
	return fs->first_block + number * fs->blocks_per_group;
}

uint32_t ext2_group_blocks(const struct ext2_fs *fs, uint32_t number)
{
	uint32_t left = fs->blocks - ext2_group_start(fs, number);

	return left < fs->blocks_per_group ? left : fs->blocks_per_group;
}

static bool is_power(uint32_t number, uint32_t base)
{
	while (number > 1 && number % base == 0)
		number /= base;
	return number == 1;
}

bool ext2_group_has_superblock(const struct ext2_fs *fs, uint32_t group)
{
	if (!(fs->features_read_only & EXT2_RO_COMPAT_SPARSE_SUPER) || group <= 1)
		return true;
	return is_power(group, 3) || is_power(group, 5) || is_power(group, 7);
}

static uint64_t place_of(const struct ext2_fs *fs, uint32_t group)
{
	uint32_t in_block = fs->block_size / sizeof(struct ext2_group);
	uint32_t index = group / in_block;
	uint64_t block = fs->first_block + 1 + (uint64_t)index;

	/* With meta_bg the descriptors of some groups lie at the start of the first of them. */
	if ((fs->features_incompatible & EXT2_INCOMPAT_META_BG) && index >= fs->first_meta_group) {
		block = ext2_group_start(fs, index * in_block);
		block += ext2_group_has_superblock(fs, index * in_block);
	}
	return (block << fs->block_shift) + group % in_block * sizeof(struct ext2_group);
}

static uint32_t table_blocks(const struct ext2_fs *fs)
{
	return fs->inodes_per_group / (fs->block_size / fs->inode_size);
}

static bool lies_in_group(const struct ext2_fs *fs, uint32_t group, uint32_t block, uint32_t count)
{
	uint32_t start = ext2_group_start(fs, group), blocks = ext2_group_blocks(fs, group);

	return block >= start && block - start < blocks && count <= blocks - (block - start) &&
	       block > 0;
}

static int check(const struct ext2_fs *fs, uint32_t number, const struct ext2_group *group)
{
	if (!lies_in_group(fs, number, group->bg_block_bitmap, 1) ||
	    !lies_in_group(fs, number, group->bg_inode_bitmap, 1) ||
	    !lies_in_group(fs, number, group->bg_inode_table, table_blocks(fs)) ||
	    group->bg_block_bitmap == group->bg_inode_bitmap)
		return -EUCLEAN;
	if (group->bg_free_blocks_count > ext2_group_blocks(fs, number) ||
	    group->bg_free_inodes_count > fs->inodes_per_group ||
	    group->bg_used_dirs_count > fs->inodes_per_group)
		return -EUCLEAN;
	return 0;
}

int ext2_group_read(struct ext2_fs *fs, uint32_t number, struct ext2_group *group)
{
	int error;

	if (number >= fs->groups)
		return -EUCLEAN;
	error = ext2_device_read(fs, place_of(fs, number), group, sizeof(*group));
	if (!error)
		error = check(fs, number, group);
	if (error)
		return error;
	fs->described = number;
	fs->descriptor = *group;
	return 0;
}

int ext2_group_write(struct ext2_fs *fs, uint32_t number, const struct ext2_group *group)
{
	return ext2_device_write(fs, place_of(fs, number), group, sizeof(*group), BLOCK_RANK_MAPS);
}

static bool overlaps(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count)
{
	return a < b ? b - a < a_count : a - b < b_count;
}

/* The tables never move, so the descriptor that was read last will do, counts aside. */
int ext2_blocks_check(struct ext2_fs *fs, uint32_t block, uint32_t count)
{
	uint32_t group, start;
	struct ext2_group *tables = &fs->descriptor;

	if (block <= fs->first_block || block >= fs->blocks || count == 0)
		return -EUCLEAN;
	group = (block - fs->first_block) / fs->blocks_per_group;
	start = ext2_group_start(fs, group);
	if (!lies_in_group(fs, group, block, count))
		return -EUCLEAN;
	if (fs->described != group) {
		struct ext2_group fresh;
		int error = ext2_group_read(fs, group, &fresh);

		if (error)
			return error;
	}
	if (overlaps(block, count, tables->bg_block_bitmap, 1) ||
	    overlaps(block, count, tables->bg_inode_bitmap, 1) ||
	    overlaps(block, count, tables->bg_inode_table, table_blocks(fs)))
		return -EUCLEAN;
	return block == start && ext2_group_has_superblock(fs, group) ? -EUCLEAN : 0;
}
