/* SPDX-License-Identifier: MIT
 *
 * Directories, read block by block. A block's entries are checked when it is
 * loaded: their lengths fill it exactly, names are names, inodes are inodes. The
 * inner blocks of a hash tree look like empty ones, so that it is read like any.
 */
#include <services/ext2/ext2.h>

struct ext2_entry *ext2_entry_at(uint32_t offset)
{
	return (struct ext2_entry *)(void *)(ext2_state.work.directory + offset);
}

static bool is_name(const struct ext2_entry *entry)
{
	for (uint32_t i = 0; i < entry->name_len; i++)
		if (entry->name[i] == '/' || entry->name[i] == 0)
			return false;
	return entry->name_len > 0;
}

static int check_entry(const struct ext2_fs *fs, uint32_t offset)
{
	const struct ext2_entry *entry = ext2_entry_at(offset);
	uint32_t left = fs->block_size - offset;

	if (left < EXT2_ENTRY_SIZE(1) || entry->rec_len > left || entry->rec_len % 4 ||
	    entry->rec_len < EXT2_ENTRY_SIZE(1) ||
	    entry->rec_len < EXT2_ENTRY_SIZE(entry->name_len) || entry->inode > fs->inodes)
		return -EUCLEAN;
	if (entry->inode == 0)
		return 0;
	if (!(fs->features_incompatible & EXT2_INCOMPAT_FILETYPE) && entry->file_type != 0)
		return -EUCLEAN;
	return is_name(entry) ? 0 : -EUCLEAN;
}

/* A hole is -ENODATA: a broken directory has it, and there are no entries in it. */
int ext2_directory_load(struct ext2_inode *directory, uint32_t logical, struct ext2_place *place)
{
	const struct ext2_fs *fs = directory->fs;
	uint64_t run;
	int error = ext2_map_block(directory, logical, &place->block, &run);

	place->logical = logical;
	place->offset = 0;
	if (error)
		return error;
	if (!place->block)
		return -ENODATA;
	error = ext2_device_read(fs, ext2_byte_of(fs, place->block), ext2_state.work.directory,
	                         fs->block_size);
	for (uint32_t offset = 0; !error && offset < fs->block_size;
	     offset += ext2_entry_at(offset)->rec_len)
		error = check_entry(fs, offset);
	return error;
}

int ext2_directory_walk(struct ext2_inode *directory, uint64_t from, ext2_entry_visitor visit,
                        void *context)
{
	const struct ext2_fs *fs = directory->fs;
	uint32_t size = directory->image.i_size, blocks = size >> fs->block_shift;

	/* It has no more blocks than the file system, so that this ends. */
	if (size % fs->block_size || blocks > fs->blocks)
		return -EUCLEAN;
	for (uint32_t logical = (uint32_t)(from >> fs->block_shift); logical < blocks; logical++) {
		struct ext2_place place;
		int error = ext2_directory_load(directory, logical, &place);

		if (error == -ENODATA)
			continue;
		while (!error && place.offset < fs->block_size) {
			struct ext2_entry *entry = ext2_entry_at(place.offset);

			if (entry->inode)
				error = visit(context, &place, entry);
			place.offset += entry->rec_len;
		}
		if (error)
			return error;
	}
	return 0;
}

struct wanted {
	const char *name;
	uint32_t length;
	uint32_t number;
	struct ext2_place place;
};

static int is_wanted(void *context, const struct ext2_place *place, const struct ext2_entry *entry)
{
	struct wanted *wanted = context;

	if (entry->name_len != wanted->length ||
	    memcmp(entry->name, wanted->name, wanted->length) != 0)
		return 0;
	wanted->number = entry->inode;
	wanted->place = *place;
	return 1;
}

int ext2_entry_find(struct ext2_inode *directory, const char *name, uint32_t *number,
                    struct ext2_place *place)
{
	struct wanted wanted = {.name = name, .length = (uint32_t)strnlen(name, FS_NAME_MAX + 1)};
	int found;

	if (wanted.length > FS_NAME_MAX)
		return -ENAMETOOLONG;
	found = ext2_directory_walk(directory, 0, is_wanted, &wanted);
	if (found <= 0)
		return found ? found : -ENOENT;
	*number = wanted.number;
	*place = wanted.place;
	return 0;
}

static int is_child(void *context, const struct ext2_place *place, const struct ext2_entry *entry)
{
	bool dot = entry->name_len == 1 && entry->name[0] == '.';
	bool dot_dot = entry->name_len == 2 && entry->name[0] == '.' && entry->name[1] == '.';

	return dot || dot_dot ? 0 : -ENOTEMPTY;
}

int ext2_directory_empty(struct ext2_inode *directory)
{
	return ext2_directory_walk(directory, 0, is_child, NULL);
}

int ext2_directory_parent(struct ext2_inode *directory, uint32_t *number)
{
	struct ext2_place place;
	int error = ext2_entry_find(directory, "..", number, &place);

	return error == -ENOENT ? -EUCLEAN : error;
}
