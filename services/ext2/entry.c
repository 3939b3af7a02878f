/* SPDX-License-Identifier: MIT
 *
 * Changes of directories. A new entry takes the first gap that is large enough:
 * the rest of another's record, or one that is not in use; else a new block. One
 * that goes leaves its record to the one before it. Entries never move, so that
 * a reader between two batches misses nothing that stays (readdir(3)). A change
 * makes a hash tree wrong: the directory is one without from then on, as with
 * Linux's ext2.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

static uint8_t type_of(const struct ext2_inode *inode)
{
	/* By the type's bits of a mode, ext2_dir_entry_2's FT_*. */
	static const uint8_t types[16] = {
	        [S_IFREG >> 12] = 1, [S_IFDIR >> 12] = 2,  [S_IFCHR >> 12] = 3, [S_IFBLK >> 12] = 4,
	        [S_IFIFO >> 12] = 5, [S_IFSOCK >> 12] = 6, [S_IFLNK >> 12] = 7,
	};

	if (!(inode->fs->features_incompatible & EXT2_INCOMPAT_FILETYPE))
		return 0;
	return types[inode->image.i_mode >> 12];
}

static void fill(struct ext2_entry *entry, const char *name, uint32_t length,
                 const struct ext2_inode *inode)
{
	entry->inode = inode->number;
	entry->name_len = (uint8_t)length;
	entry->file_type = type_of(inode);
	memcpy(entry->name, name, length);
}

static int write_block(struct ext2_inode *directory, uint32_t block)
{
	directory->image.i_flags &= ~EXT2_FLAG_INDEX;
	return ext2_device_write(directory->fs, ext2_byte_of(directory->fs, block),
	                         ext2_state.work.directory, directory->fs->block_size,
	                         BLOCK_RANK_NAMES);
}

/* What an entry's record has beyond the entry. */
static uint32_t slack_of(const struct ext2_entry *entry)
{
	return entry->inode ? entry->rec_len - EXT2_ENTRY_SIZE(entry->name_len) : entry->rec_len;
}

/* In the loaded block: -EEXIST, or where size bytes are. */
static int search_block(const struct ext2_fs *fs, const char *name, uint32_t length,
                        struct ext2_place place, struct ext2_place *room)
{
	while (place.offset < fs->block_size) {
		const struct ext2_entry *entry = ext2_entry_at(place.offset);

		if (entry->inode && entry->name_len == length &&
		    memcmp(entry->name, name, length) == 0)
			return -EEXIST;
		if (!room->block && slack_of(entry) >= EXT2_ENTRY_SIZE(length))
			*room = place;
		place.offset += entry->rec_len;
	}
	return 0;
}

int ext2_entry_room(struct ext2_inode *directory, const char *name, struct ext2_place *room)
{
	const struct ext2_fs *fs = directory->fs;
	uint32_t length = (uint32_t)strnlen(name, FS_NAME_MAX + 1);
	uint32_t blocks = directory->image.i_size >> fs->block_shift;

	*room = (struct ext2_place){0};
	if (length > FS_NAME_MAX)
		return -ENAMETOOLONG;
	if (directory->image.i_size % fs->block_size || blocks > fs->blocks)
		return -EUCLEAN;
	for (uint32_t logical = 0; logical < blocks; logical++) {
		struct ext2_place place;
		int error = ext2_directory_load(directory, logical, &place);

		if (error == -ENODATA)
			continue;
		if (!error)
			error = search_block(fs, name, length, place, room);
		if (error)
			return error;
	}
	return 0;
}

/* A block behind the last one, with one record that is not in use, loaded. */
static int append(struct ext2_inode *directory, struct ext2_place *room)
{
	struct ext2_fs *fs = directory->fs;
	uint32_t size = directory->image.i_size;
	uint64_t run;
	int error;

	if (size > INT32_MAX)
		return -ENOSPC;
	*room = (struct ext2_place){.logical = size >> fs->block_shift};
	error = ext2_map_extend(directory, room->logical, (uint64_t)room->logical + 1);
	if (!error)
		error = ext2_map_block(directory, room->logical, &room->block, &run);
	if (error)
		return error;
	directory->image.i_size = size + fs->block_size;
	memset(ext2_state.work.directory, 0, fs->block_size);
	ext2_entry_at(0)->rec_len = (uint16_t)fs->block_size;
	return 0;
}

int ext2_entry_insert(struct ext2_inode *directory, const char *name,
                      const struct ext2_inode *inode, struct ext2_place room)
{
	uint32_t length = (uint32_t)strlen(name), offset = room.offset, used;
	struct ext2_entry *entry;
	int error;

	if (room.block)
		error = ext2_directory_load(directory, room.logical, &room);
	else
		error = append(directory, &room);
	if (error)
		return error;
	entry = ext2_entry_at(offset);
	if (entry->inode) {
		uint16_t record = entry->rec_len;

		used = EXT2_ENTRY_SIZE(entry->name_len);
		entry->rec_len = (uint16_t)used;
		entry = ext2_entry_at(offset + used);
		entry->rec_len = (uint16_t)(record - used);
	}
	fill(entry, name, length, inode);
	return write_block(directory, room.block);
}

int ext2_entry_remove(struct ext2_inode *directory, const char *name)
{
	struct ext2_entry *entry, *previous = NULL;
	struct ext2_place place;
	uint32_t number, offset = 0;
	int error = ext2_entry_find(directory, name, &number, &place);

	if (error)
		return error;
	for (entry = ext2_entry_at(0); offset < place.offset; entry = ext2_entry_at(offset)) {
		previous = entry;
		offset += entry->rec_len;
	}
	entry->inode = 0;
	if (previous)
		previous->rec_len = (uint16_t)(previous->rec_len + entry->rec_len);
	return write_block(directory, place.block);
}

int ext2_entry_change(struct ext2_inode *directory, const char *name,
                      const struct ext2_inode *inode)
{
	struct ext2_entry *entry;
	struct ext2_place place;
	uint32_t number;
	int error = ext2_entry_find(directory, name, &number, &place);

	if (error)
		return error;
	entry = ext2_entry_at(place.offset);
	entry->inode = inode->number;
	entry->file_type = type_of(inode);
	return write_block(directory, place.block);
}

int ext2_directory_make(struct ext2_inode *directory, const struct ext2_inode *parent)
{
	struct ext2_place room;
	struct ext2_entry *entry;
	int error = append(directory, &room);

	if (error)
		return error;
	entry = ext2_entry_at(0);
	fill(entry, ".", 1, directory);
	entry->rec_len = EXT2_ENTRY_SIZE(1);
	entry = ext2_entry_at(EXT2_ENTRY_SIZE(1));
	fill(entry, "..", 2, parent);
	entry->rec_len = (uint16_t)(directory->fs->block_size - EXT2_ENTRY_SIZE(1));
	return write_block(directory, room.block);
}
