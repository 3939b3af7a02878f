/* SPDX-License-Identifier: MIT
 *
 * Times: seconds since 1970 in a signed word, and where the inode has room for
 * it an extra word with two more bits of seconds and the nanoseconds.
 */
#include <services/ext2/ext2.h>

#define SECOND 1000000000UL

/* Where a time lies. */
static void words_of(struct ext2_inode *inode, enum ext2_time which, uint32_t **seconds,
                     uint32_t **extra)
{
	struct ext2_inode_image *image = &inode->image;
	struct {
		uint32_t *seconds, *extra;
	} words[] = {
	        [EXT2_ACCESS] = {&image->i_atime, &image->i_atime_extra},
	        [EXT2_MODIFY] = {&image->i_mtime, &image->i_mtime_extra},
	        [EXT2_CHANGE] = {&image->i_ctime, &image->i_ctime_extra},
	        [EXT2_CREATE] = {&image->i_crtime, &image->i_crtime_extra},
	};

	*seconds = words[which].seconds;
	*extra = words[which].extra;
}

static bool has(const struct ext2_inode *inode, const uint32_t *word)
{
	const uint8_t *start = (const uint8_t *)&inode->image;
	uint32_t end = (uint32_t)((const uint8_t *)(word + 1) - start);

	return end <= EXT2_INODE_SIZE_OLD ||
	       (inode->fs->inode_image > EXT2_INODE_SIZE_OLD &&
	        end <= EXT2_INODE_SIZE_OLD + (uint32_t)inode->image.i_extra_isize);
}

/* The core's times begin in 1970: what was before is 1970 to it. */
uint64_t ext2_time_of(const struct ext2_inode *inode, enum ext2_time which)
{
	struct ext2_inode copy = *inode;
	uint32_t *seconds, *extra;
	int64_t time;

	words_of(&copy, which, &seconds, &extra);
	time = (int32_t)*seconds;
	if (!has(&copy, extra))
		return time < 0 ? 0 : (uint64_t)time * SECOND;
	time += (int64_t)(*extra & 3) << 32;
	if (time < 0)
		return 0;
	return (uint64_t)time * SECOND + (*extra >> 2 < SECOND ? *extra >> 2 : 0);
}

void ext2_time_set(struct ext2_inode *inode, enum ext2_time which, uint64_t time)
{
	uint32_t *seconds, *extra;
	uint64_t whole = time / SECOND;

	words_of(inode, which, &seconds, &extra);
	if (has(inode, extra)) {
		uint64_t epoch = (whole + 0x80000000UL) >> 32;

		*seconds = (uint32_t)whole;
		*extra = (uint32_t)(time % SECOND) << 2 | (uint32_t)(epoch < 3 ? epoch : 3);
	} else if (has(inode, seconds)) {
		*seconds = whole > INT32_MAX ? INT32_MAX : (uint32_t)whole;
	}
}

void ext2_touch_changed(struct ext2_inode *inode)
{
	ext2_time_set(inode, EXT2_CHANGE, core_time_wall());
}

void ext2_touch_modified(struct ext2_inode *inode)
{
	uint64_t now = core_time_wall();

	ext2_time_set(inode, EXT2_CHANGE, now);
	ext2_time_set(inode, EXT2_MODIFY, now);
}
