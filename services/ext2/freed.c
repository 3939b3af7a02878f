/* SPDX-License-Identifier: MIT
 *
 * What was freed since the last sync. A power cut may bring the owner back, so
 * nobody else may write there before its end is on the device. This lies in
 * ext2's memory alone: after a restart nothing is given out before the next sync, which the core
 * makes when there is no room (ext2_fs.settled).
 */
#include <services/ext2/ext2.h>

#define WORDS (EXT2_BLOCK_SIZE_MAX / sizeof(uint64_t))

uint64_t *ext2_set_of(struct ext2_fs *fs, uint32_t group, enum ext2_set which)
{
	uint64_t **places[3], **place;

	if (!fs->sets)
		fs->sets = core_alloc(fs->groups * sizeof(*fs->sets));
	if (!fs->sets)
		return NULL;
	places[EXT2_SET_BLOCKS] = &fs->sets[group].blocks;
	places[EXT2_SET_INODES] = &fs->sets[group].inodes;
	places[EXT2_SET_LOGGED] = &fs->sets[group].logged;
	place = places[which];
	if (!*place)
		*place = core_alloc(WORDS * sizeof(uint64_t));
	return *place;
}

int ext2_freed_blocks(struct ext2_fs *fs, uint32_t group, uint32_t bit, uint32_t count)
{
	uint64_t *set = ext2_set_of(fs, group, EXT2_SET_BLOCKS);

	if (!set)
		return -ENOMEM;
	for (; count > 0; bit++, count--)
		set[bit / 64] |= 1UL << bit % 64;
	return 0;
}

int ext2_freed_inode(struct ext2_fs *fs, uint32_t group, uint32_t bit)
{
	uint64_t *set = ext2_set_of(fs, group, EXT2_SET_INODES);

	if (!set)
		return -ENOMEM;
	set[bit / 64] |= 1UL << bit % 64;
	return 0;
}

void ext2_freed_mark(const uint64_t *freed, uint32_t first, void *bits, uint32_t size)
{
	const uint8_t *from = (const uint8_t *)freed;

	for (uint32_t i = 0; from && i < size; i++)
		((uint8_t *)bits)[i] |= from[first / 8 + i];
}

void ext2_sets_forget(struct ext2_fs *fs)
{
	for (uint32_t i = 0; fs->sets && i < fs->groups; i++) {
		core_free(fs->sets[i].blocks);
		core_free(fs->sets[i].inodes);
		core_free(fs->sets[i].logged);
	}
	core_free(fs->sets);
	fs->sets = NULL;
}
