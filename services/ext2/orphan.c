/* SPDX-License-Identifier: MIT
 *
 * Inodes without a name. One that is in use still has no links and a time of
 * deletion: that is what e2fsck takes for free, so that a power cut needs no list
 * of them, and an inode that were on the superblock's list before the superblock
 * is written would be one that e2fsck does not mend by itself. A list that ext3
 * left behind is worked off when the file system is mounted.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

#define SECOND 1000000000UL

/* Now; but e2fsck takes a time that could be an inode's number for a place in an orphan list. */
static uint32_t time_of_deletion(const struct ext2_fs *fs)
{
	uint64_t now = core_time_wall() / SECOND;

	return now > fs->inodes && now <= UINT32_MAX ? (uint32_t)now : UINT32_MAX;
}

void ext2_orphan_make(struct ext2_inode *inode)
{
	inode->image.i_links_count = 0;
	inode->image.i_dtime = time_of_deletion(inode->fs);
}

static bool has_blocks(const struct ext2_inode *inode)
{
	uint16_t mode = inode->image.i_mode;

	return S_ISREG(mode) || S_ISDIR(mode) || (S_ISLNK(mode) && !ext2_link_is_fast(inode));
}

int ext2_orphan_free(struct ext2_inode *inode)
{
	int error = has_blocks(inode) ? ext2_map_truncate(inode, 0) : 0;

	if (!error)
		error = ext2_attributes_free(inode);
	if (!error && inode->image.i_blocks != 0)
		error = -EUCLEAN;
	if (!error)
		error = ext2_inode_free(inode);
	if (error)
		return error;
	inode->image = (struct ext2_inode_image){
	        .i_dtime = time_of_deletion(inode->fs),
	        .i_generation = inode->image.i_generation,
	};
	return ext2_inode_write(inode);
}

static long do_release(uint64_t object)
{
	struct ext2_inode inode;
	int error = ext2_inode_find_writable(object, &inode);

	/* It may have names still: one of several was removed, or a removal was undone. */
	if (error)
		return error == -ENOENT || error == -EROFS ? 0 : error;
	return inode.image.i_links_count ? 0 : ext2_orphan_free(&inode);
}

long ext2_release(uint64_t object)
{
	return ext2_end(do_release(object));
}

/* One of the list, whose next is where the time of deletion would be. */
static int clear(struct ext2_fs *fs, uint32_t number, uint32_t *next)
{
	struct ext2_inode inode;
	int error = ext2_inode_read(fs, number, &inode);

	if (error)
		return -EUCLEAN;
	*next = inode.image.i_dtime;
	if (inode.image.i_links_count == 0)
		return ext2_orphan_free(&inode);
	/* A file that was being shortened. Its time is 0 now, so that a circle ends here. */
	inode.image.i_dtime = 0;
	if (S_ISREG(inode.image.i_mode)) {
		uint64_t size = ext2_size_of(&inode);
		uint64_t blocks = (size + fs->block_size - 1) >> fs->block_shift;

		error = ext2_map_truncate(&inode, blocks);
	}
	return error ? error : ext2_inode_write(&inode);
}

int ext2_orphans_clear(struct ext2_fs *fs)
{
	uint32_t number = 0, none = 0;
	int error;

	if (fs->revision != EXT2_REVISION_DYNAMIC)
		return 0;
	error = ext2_superblock_get(fs, EXT2_FIELD(s_last_orphan), &number);
	if (error || !number)
		return error;
	while (!error && number)
		error = clear(fs, number, &number);
	return error ? error : ext2_superblock_set(fs, EXT2_FIELD(s_last_orphan), &none);
}
