/* SPDX-License-Identifier: MIT
 *
 * mount, unmount and sync. A file system that is mounted to be written says so in
 * its superblock, and that it is sound when it is unmounted; in between e2fsck
 * looks at it.
 */
#include <linux/mount.h>
#include <linux/stat.h>
#include <services/ext2/ext2.h>

static int check_groups(struct ext2_fs *fs)
{
	for (uint32_t i = 0; i < fs->groups; i++) {
		struct ext2_group group;
		int error = ext2_group_read(fs, i, &group);

		if (error)
			return error;
	}
	return 0;
}

static uint32_t now(void)
{
	return (uint32_t)(core_time_wall() / 1000000000UL);
}

/* From the first batch on it is the journal that says what the file system is like. */
static int set_recover(struct ext2_fs *fs, bool recover)
{
	uint32_t features = fs->features_incompatible & ~EXT2_INCOMPAT_RECOVER;

	if (recover)
		features |= EXT2_INCOMPAT_RECOVER;
	fs->features_incompatible = features;
	return ext2_superblock_set(fs, EXT2_FIELD(s_feature_incompat), &features);
}

static int open_journal(struct ext2_fs *fs)
{
	int error = ext2_log_stop(fs);

	return error ? error : set_recover(fs, true);
}

static int close_journal(struct ext2_fs *fs)
{
	int error = ext2_journal_close(fs);

	if (!error)
		error = ext2_log_stop(fs);
	return error ? error : set_recover(fs, false);
}

static int mark_mounted(struct ext2_fs *fs)
{
	uint16_t state, count;
	uint32_t time = now();
	int error = ext2_superblock_get(fs, EXT2_FIELD(s_state), &state);

	if (error)
		return error;
	if (fs->read_only)
		return -EROFS;
	if (!(state & EXT2_VALID_FS) || (state & EXT2_ERROR_FS) ||
	    (fs->features_incompatible & EXT2_INCOMPAT_RECOVER))
		return -EUCLEAN;
	error = ext2_journal_must_be_empty(fs);
	if (error)
		return error;
	state &= (uint16_t)~EXT2_VALID_FS;
	error = ext2_superblock_set(fs, EXT2_FIELD(s_state), &state);
	if (!error && fs->journal.usable)
		error = open_journal(fs);
	if (!error)
		error = ext2_superblock_set(fs, EXT2_FIELD(s_mtime), &time);
	if (!error)
		error = ext2_superblock_get(fs, EXT2_FIELD(s_mnt_count), &count);
	if (error)
		return error;
	count++;
	error = ext2_superblock_set(fs, EXT2_FIELD(s_mnt_count), &count);
	return error ? error : ext2_orphans_clear(fs);
}

static int mount(struct ext2_fs *fs, uint32_t flags, struct fs_attr *attr)
{
	struct ext2_inode root;
	int error = check_groups(fs);

	if (!error)
		error = ext2_inode_read(fs, EXT2_ROOT_INODE, &root);
	if (!error && (!S_ISDIR(root.image.i_mode) || root.image.i_links_count == 0))
		error = -EUCLEAN;
	if (!error && !(flags & MS_RDONLY))
		error = mark_mounted(fs);
	if (!error)
		ext2_inode_describe(&root, attr);
	return error == -ENOENT ? -EUCLEAN : error;
}

static long do_mount(uint32_t device, uint32_t flags, struct fs_attr *attr)
{
	struct ext2_fs *fs;
	int error = ext2_fs_find(device, &fs);

	if (error)
		return error;
	fs->settled = true;
	error = mount(fs, flags, attr);
	if (error)
		ext2_fs_forget(fs);
	return error;
}

long ext2_mount(uint32_t device, uint32_t flags, struct fs_attr *attr)
{
	return ext2_end(do_mount(device, flags, attr));
}

static long do_unmount(uint32_t device, uint32_t flags)
{
	uint16_t state;
	uint32_t time = now();
	struct ext2_fs *fs;
	int error = ext2_fs_find(device, &fs);

	if (!error && !(flags & MS_RDONLY)) {
		error = ext2_superblock_get(fs, EXT2_FIELD(s_state), &state);
		state |= EXT2_VALID_FS;
		if (!error && fs->journal.usable)
			error = close_journal(fs);
		if (!error)
			error = ext2_superblock_set(fs, EXT2_FIELD(s_state), &state);
		if (!error)
			error = ext2_superblock_set(fs, EXT2_FIELD(s_wtime), &time);
	}
	if (!error)
		ext2_fs_forget(fs);
	return error;
}

long ext2_unmount(uint32_t device, uint32_t flags)
{
	return ext2_end(do_unmount(device, flags));
}

/* The core writes a batch: what was changed before this call and what this call changes, and
 * nothing that comes later. So what was freed can be used again. */
static long do_sync(uint32_t disk)
{
	struct ext2_fs *fs;
	int error = ext2_fs_find(disk, &fs);

	if (!error && fs->journal.usable && (fs->features_incompatible & EXT2_INCOMPAT_RECOVER))
		error = ext2_journal_write(fs);
	if (!error)
		error = core_block_seal(ext2_rights.write, disk);
	if (error)
		return error;
	ext2_sets_forget(fs);
	fs->settled = true;
	return 0;
}

long ext2_sync(uint32_t device)
{
	return ext2_end(do_sync(device));
}
