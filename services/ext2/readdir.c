/* SPDX-License-Identifier: MIT
 *
 * readdir, in batches. "." and ".." are the core's.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

/* A batch of readdir: an entry's cookie is its place in the directory, and one. */
struct batch {
	struct ext2_fs *fs;
	uint64_t cookie;
	struct fs_entry *entries;
	uint32_t count, room;
};

/* DT_* by ext2's file_type; without the feature by the mode. */
static int type_of(struct ext2_fs *fs, const struct ext2_entry *entry, uint32_t *type)
{
	static const uint8_t types[] = {0,
	                                S_IFREG >> 12,
	                                S_IFDIR >> 12,
	                                S_IFCHR >> 12,
	                                S_IFBLK >> 12,
	                                S_IFIFO >> 12,
	                                S_IFSOCK >> 12,
	                                S_IFLNK >> 12};
	struct ext2_inode inode;
	int error;

	if (entry->file_type > 0 && entry->file_type < sizeof(types)) {
		*type = types[entry->file_type];
		return 0;
	}
	error = ext2_inode_read(fs, entry->inode, &inode);
	*type = inode.image.i_mode >> 12;
	return error ? -EUCLEAN : 0;
}

static int add_to_batch(void *context, const struct ext2_place *place,
                        const struct ext2_entry *entry)
{
	struct batch *batch = context;
	uint64_t cookie = ((uint64_t)place->logical << batch->fs->block_shift) + place->offset + 1;
	struct fs_entry *out = &batch->entries[batch->count];
	int error;

	if (cookie <= batch->cookie || (entry->name_len <= 2 && entry->name[0] == '.' &&
	                                (entry->name_len == 1 || entry->name[1] == '.')))
		return 0;
	if (batch->count == batch->room)
		return 1;
	error = type_of(batch->fs, entry, &out->type);
	if (error)
		return error;
	out->object = (uint64_t)batch->fs->device << 32 | entry->inode;
	out->cookie = cookie;
	memcpy(out->name, entry->name, entry->name_len);
	out->name[entry->name_len] = 0;
	batch->count++;
	return 0;
}

long ext2_readdir(uint64_t directory, uint64_t cookie, struct fs_entry *entries, uint64_t size)
{
	struct ext2_inode parent;
	struct batch batch = {
	        .cookie = cookie, .entries = entries, .room = (uint32_t)(size / sizeof(*entries))};
	int error = ext2_directory_find(directory, &parent);

	if (error)
		return error;
	if (cookie > UINT32_MAX)
		return 0;
	batch.fs = parent.fs;
	error = ext2_directory_walk(&parent, cookie, add_to_batch, &batch);
	return error < 0 ? error : (long)batch.count;
}
