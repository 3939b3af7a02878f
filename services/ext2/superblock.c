/* SPDX-License-Identifier: MIT
 *
 * The superblock: what a file system looks like, and its counts.
 */
#include <services/ext2/ext2.h>

#define KNOWN_INCOMPATIBLE (EXT2_INCOMPAT_FILETYPE | EXT2_INCOMPAT_META_BG | EXT2_INCOMPAT_RECOVER)
#define KNOWN_READ_ONLY                                                                            \
	(EXT2_RO_COMPAT_SPARSE_SUPER | EXT2_RO_COMPAT_LARGE_FILE | EXT2_RO_COMPAT_BTREE_DIR |      \
	 EXT2_RO_COMPAT_EXTRA_ISIZE)

static int check_features(const struct ext2_superblock *sb, struct ext2_fs *fs)
{
	fs->revision = sb->s_rev_level;
	if (sb->s_rev_level > EXT2_REVISION_DYNAMIC)
		return -EOPNOTSUPP;
	fs->inode_size = EXT2_INODE_SIZE_OLD;
	fs->first_inode = EXT2_FIRST_INODE_OLD;
	if (sb->s_rev_level == EXT2_REVISION_DYNAMIC) {
		fs->inode_size = sb->s_inode_size;
		fs->first_inode = sb->s_first_ino;
		fs->features = sb->s_feature_compat;
		fs->features_incompatible = sb->s_feature_incompat;
		fs->features_read_only = sb->s_feature_ro_compat;
	}
	if (fs->features_incompatible & ~KNOWN_INCOMPATIBLE)
		return -EOPNOTSUPP;
	if (fs->features_read_only & ~KNOWN_READ_ONLY)
		fs->read_only = true;
	return 0;
}

static int check_inodes(const struct ext2_superblock *sb, struct ext2_fs *fs)
{
	uint32_t size = fs->inode_size;

	if (size < EXT2_INODE_SIZE_OLD || size > fs->block_size || (size & (size - 1)))
		return -EUCLEAN;
	fs->inode_image = size < sizeof(struct ext2_inode_image) ? EXT2_INODE_SIZE_OLD
	                                                         : sizeof(struct ext2_inode_image);
	fs->inodes = sb->s_inodes_count;
	fs->inodes_per_group = sb->s_inodes_per_group;
	if (fs->inodes_per_group == 0 || fs->inodes_per_group > fs->block_size * 8 ||
	    fs->inodes_per_group % (fs->block_size / size) ||
	    (uint64_t)fs->inodes_per_group * fs->groups != fs->inodes)
		return -EUCLEAN;
	if (fs->first_inode <= EXT2_ROOT_INODE || fs->first_inode > fs->inodes)
		return -EUCLEAN;
	return 0;
}

static int check_blocks(const struct ext2_superblock *sb, struct ext2_fs *fs, uint64_t device_size)
{
	/* Blocks larger than a page do not fit the core's cache. */
	if (sb->s_log_block_size > 2)
		return sb->s_log_block_size > 6 ? -EUCLEAN : -EOPNOTSUPP;
	if (sb->s_log_frag_size != sb->s_log_block_size)
		return -EUCLEAN;
	fs->block_shift = 10 + sb->s_log_block_size;
	fs->block_size = 1u << fs->block_shift;
	fs->blocks = sb->s_blocks_count;
	fs->first_block = sb->s_first_data_block;
	fs->blocks_per_group = sb->s_blocks_per_group;
	if (fs->first_block != (fs->block_size == EXT2_BLOCK_SIZE_MIN) ||
	    fs->blocks <= fs->first_block || (uint64_t)fs->blocks << fs->block_shift > device_size)
		return -EUCLEAN;
	if (fs->blocks_per_group == 0 || fs->blocks_per_group > fs->block_size * 8 ||
	    fs->blocks_per_group % 8)
		return -EUCLEAN;
	if (sb->s_r_blocks_count > fs->blocks)
		return -EUCLEAN;
	fs->reserved_blocks = sb->s_r_blocks_count;
	fs->reserved_uid = sb->s_def_resuid;
	fs->groups = (fs->blocks - fs->first_block - 1) / fs->blocks_per_group + 1;
	fs->first_meta_group = sb->s_first_meta_bg;
	fs->described = fs->groups;
	return 0;
}

int ext2_superblock_read(uint32_t device, struct ext2_superblock *sb, struct ext2_fs *fs)
{
	struct block_info info = {0};
	int error = core_block_info(device, &info);

	*fs = (struct ext2_fs){.device = device, .read_only = info.read_only};
	if (error)
		return error;
	if (info.size < EXT2_SUPERBLOCK_PLACE + sizeof(*sb))
		return -EINVAL;
	error = ext2_device_read(fs, EXT2_SUPERBLOCK_PLACE, sb, sizeof(*sb));
	if (error)
		return error;
	if (sb->s_magic != EXT2_MAGIC)
		return -EINVAL;
	error = check_features(sb, fs);
	if (!error)
		error = check_blocks(sb, fs, info.size);
	return error ? error : check_inodes(sb, fs);
}

int ext2_fs_find(uint32_t device, struct ext2_fs **found)
{
	struct ext2_superblock superblock;
	struct ext2_fs *unused = NULL;
	int error;

	for (uint32_t i = 0; i < EXT2_DEVICES; i++) {
		struct ext2_fs *fs = &ext2_state.file_systems[i];

		if (fs->present && fs->device == device) {
			*found = ext2_state.last = fs;
			return 0;
		}
		if (!fs->present)
			unused = fs;
	}
	if (!unused)
		return -ENFILE;
	error = ext2_superblock_read(device, &superblock, unused);
	if (!error)
		error = ext2_journal_find(unused, &superblock);
	if (error)
		return error;
	unused->present = true;
	*found = ext2_state.last = unused;
	return 0;
}

void ext2_fs_forget(struct ext2_fs *fs)
{
	ext2_sets_forget(fs);
	core_free(fs->journal.blocks);
	if (ext2_state.last == fs)
		ext2_state.last = NULL;
	*fs = (struct ext2_fs){0};
}

int ext2_superblock_get(const struct ext2_fs *fs, uint32_t offset, uint32_t size, void *to)
{
	return ext2_device_read(fs, EXT2_SUPERBLOCK_PLACE + offset, to, size);
}

int ext2_superblock_set(struct ext2_fs *fs, uint32_t offset, uint32_t size, const void *from)
{
	return ext2_device_write(fs, EXT2_SUPERBLOCK_PLACE + offset, from, size, BLOCK_RANK_MAPS);
}

int ext2_superblock_add(struct ext2_fs *fs, uint32_t offset, uint32_t size, int64_t change,
                        uint32_t limit)
{
	uint32_t count;
	int error = ext2_superblock_get(fs, offset, size, &count);

	if (error)
		return error;
	if (count + change < 0 || count + change > limit)
		return -EUCLEAN;
	count = (uint32_t)(count + change);
	return ext2_superblock_set(fs, offset, size, &count);
}
