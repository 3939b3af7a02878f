/* SPDX-License-Identifier: MIT
 *
 * Allocation of inodes: files in their directory's group first, so that they lie
 * together; directories where at least an average of inodes and the most blocks
 * are free, so that each has room around it.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

static int group_for_directory(struct ext2_fs *fs, uint32_t parent, uint32_t *best)
{
	uint32_t free_inodes, most = 0;
	int error = ext2_superblock_get(fs, EXT2_FIELD(s_free_inodes_count), &free_inodes);

	*best = parent;
	if (error)
		return error;
	for (uint32_t i = 0; i < fs->groups; i++) {
		uint32_t number = (parent + i) % fs->groups;
		struct ext2_group group;

		error = ext2_group_read(fs, number, &group);
		if (error)
			return error;
		if (group.bg_free_inodes_count < free_inodes / fs->groups ||
		    group.bg_free_inodes_count == 0 || group.bg_free_blocks_count <= most)
			continue;
		most = group.bg_free_blocks_count;
		*best = number;
	}
	return 0;
}

/* A free inode of a group: *bit is inodes_per_group when there is none. */
static int search(struct ext2_fs *fs, uint32_t number, const struct ext2_group *group,
                  uint32_t *bit)
{
	uint8_t *bits = ext2_state.work.bitmap;
	uint32_t size = (fs->inodes_per_group + 7) / 8;
	uint32_t reserved = number == 0 ? fs->first_inode - 1 : 0;
	int error;

	*bit = fs->inodes_per_group;
	if (group->bg_free_inodes_count == 0 || reserved >= fs->inodes_per_group)
		return 0;
	error = ext2_device_read(fs, ext2_byte_of(fs, group->bg_inode_bitmap), bits, size);
	if (error)
		return error;
	if (fs->sets)
		ext2_freed_mark(fs->sets[number].inodes, 0, bits, size);
	*bit = ext2_bit_find(bits, reserved, fs->inodes_per_group, false);
	return 0;
}

static int count_change(struct ext2_fs *fs, uint32_t number, struct ext2_group *group, int inodes,
                        bool directory)
{
	int error;

	if (group->bg_free_inodes_count + inodes < 0 ||
	    group->bg_free_inodes_count + inodes > (int64_t)fs->inodes_per_group ||
	    (directory && group->bg_used_dirs_count - inodes < 0))
		return -EUCLEAN;
	group->bg_free_inodes_count = (uint16_t)(group->bg_free_inodes_count + inodes);
	if (directory)
		group->bg_used_dirs_count = (uint16_t)(group->bg_used_dirs_count - inodes);
	error = ext2_group_write(fs, number, group);
	return error ? error
	             : ext2_superblock_add(fs, EXT2_FIELD(s_free_inodes_count), inodes, fs->inodes);
}

static int take(struct ext2_fs *fs, uint32_t number, struct ext2_group *group, uint32_t bit,
                bool directory)
{
	int error = ext2_bits_change(fs, group->bg_inode_bitmap, bit, 1, true);

	return error ? error : count_change(fs, number, group, -1, directory);
}

/* What the new inode is before its kind sets more. */
static void fill(struct ext2_inode *inode, const struct fs_new *new_object)
{
	uint64_t now = core_time_wall();

	inode->image.i_mode = (uint16_t)new_object->mode;
	inode->image.i_generation = (uint32_t)now;
	ext2_owner_set(inode, new_object->uid, new_object->gid);
	if (inode->fs->inode_image > EXT2_INODE_SIZE_OLD)
		inode->image.i_extra_isize = EXT2_EXTRA_SIZE;
	for (enum ext2_time which = EXT2_ACCESS; which <= EXT2_CREATE; which++)
		ext2_time_set(inode, which, now);
}

int ext2_inode_allocate(const struct ext2_inode *parent, const struct fs_new *new_object,
                        struct ext2_inode *inode)
{
	struct ext2_fs *fs = parent->fs;
	uint32_t number = (parent->number - 1) / fs->inodes_per_group;
	bool directory = S_ISDIR(new_object->mode);
	int error = fs->settled ? 0 : -ENOSPC;

	if (!error && directory)
		error = group_for_directory(fs, number, &number);
	for (uint32_t i = 0; !error && i < fs->groups; i++) {
		struct ext2_group group;
		uint32_t bit;

		error = ext2_group_read(fs, number, &group);
		if (!error)
			error = search(fs, number, &group, &bit);
		if (!error && bit < fs->inodes_per_group) {
			*inode = (struct ext2_inode){
			        .fs = fs, .number = number * fs->inodes_per_group + bit + 1};
			fill(inode, new_object);
			return take(fs, number, &group, bit, directory);
		}
		number = number + 1 < fs->groups ? number + 1 : 0;
	}
	return error ? error : -ENOSPC;
}

int ext2_inode_free(struct ext2_inode *inode)
{
	struct ext2_fs *fs = inode->fs;
	uint32_t number = (inode->number - 1) / fs->inodes_per_group;
	uint32_t bit = (inode->number - 1) % fs->inodes_per_group;
	struct ext2_group group;
	int error = ext2_group_read(fs, number, &group);

	if (!error)
		error = ext2_bits_change(fs, group.bg_inode_bitmap, bit, 1, false);
	if (!error)
		error = ext2_freed_inode(fs, number, bit);
	return error ? error : count_change(fs, number, &group, 1, S_ISDIR(inode->image.i_mode));
}
