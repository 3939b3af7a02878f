/* SPDX-License-Identifier: MIT
 *
 * What was freed since the last sync. A power cut may bring the owner back, so
 * nobody else may write there before its end is on the device. This lies in
 * ext2's memory alone: after a restart the core syncs before it goes on.
 */
#include <services/ext2/ext2.h>

#define WORDS (EXT2_BLOCK_SIZE_MAX / sizeof(uint64_t))

static int set_of(struct ext2_fs *fs, uint32_t group, bool inodes, uint64_t **set)
{
	uint64_t **place;

	if (!fs->freed)
		fs->freed = core_alloc(fs->groups * sizeof(*fs->freed));
	if (!fs->freed)
		return -ENOMEM;
	place = inodes ? &fs->freed[group].inodes : &fs->freed[group].blocks;
	if (!*place)
		*place = core_alloc(WORDS * sizeof(uint64_t));
	*set = *place;
	return *set ? 0 : -ENOMEM;
}

int ext2_freed_blocks(struct ext2_fs *fs, uint32_t group, uint32_t bit, uint32_t count)
{
	uint64_t *set;
	int error = set_of(fs, group, false, &set);

	if (error)
		return error;
	for (; count > 0; bit++, count--)
		set[bit / 64] |= 1UL << bit % 64;
	return 0;
}

int ext2_freed_inode(struct ext2_fs *fs, uint32_t group, uint32_t bit)
{
	uint64_t *set;
	int error = set_of(fs, group, true, &set);

	if (!error)
		set[bit / 64] |= 1UL << bit % 64;
	return error;
}

void ext2_freed_mark(const uint64_t *freed, uint32_t first, void *bits, uint32_t size)
{
	const uint8_t *from = (const uint8_t *)freed + first / 8;

	for (uint32_t i = 0; freed && i < size; i++)
		((uint8_t *)bits)[i] |= from[i];
}

void ext2_freed_forget(struct ext2_fs *fs)
{
	for (uint32_t i = 0; fs->freed && i < fs->groups; i++) {
		core_free(fs->freed[i].blocks);
		core_free(fs->freed[i].inodes);
	}
	core_free(fs->freed);
	fs->freed = NULL;
}
