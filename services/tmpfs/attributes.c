/* SPDX-License-Identifier: MIT
 *
 * root, getattr, setattr, readlink, readdir and statfs.
 */
#include <linux/magic.h>
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>
#include <services/tmpfs/transaction.h>

long tmpfs_root(struct fs_attr *attr)
{
	tmpfs_inode_describe(tmpfs_state.root, attr);
	return 0;
}

long tmpfs_getattr(uint64_t object, struct fs_attr *attr)
{
	struct tmpfs_inode *inode = tmpfs_inode_look_up(object);

	if (!inode)
		return -ENOENT;
	tmpfs_inode_describe(inode, attr);
	return 0;
}

/* The inode is noted. The core drops the pages themselves once this call has succeeded. */
static void set_size(struct tmpfs_inode *inode, uint64_t size)
{
	uint64_t pages = (size + TMPFS_PAGE_SIZE - 1) / TMPFS_PAGE_SIZE;

	if (pages < inode->pages) {
		TX_SET(tmpfs_state.pages_used, tmpfs_state.pages_used - (inode->pages - pages));
		inode->pages = pages;
	}
	/* An end that moves on leaves a hole; only an empty file is known to have none. */
	if (size > inode->size)
		inode->sparse = true;
	else if (size == 0)
		inode->sparse = false;
	inode->size = size;
	inode->modify_time = core_time_wall();
}

long tmpfs_setattr(uint64_t object, struct fs_attr *attr, uint32_t valid)
{
	struct tmpfs_inode *inode = tmpfs_inode_look_up(object);

	if (!inode)
		return -ENOENT;
	if ((valid & FS_SET_SIZE) && !S_ISREG(inode->mode))
		return -EINVAL;
	TX_NOTE(*inode);
	if (valid & FS_SET_MODE)
		inode->mode = (inode->mode & S_IFMT) | (attr->mode & 07777);
	if (valid & FS_SET_UID)
		inode->uid = attr->uid;
	if (valid & FS_SET_GID)
		inode->gid = attr->gid;
	if (valid & FS_SET_SIZE)
		set_size(inode, attr->size);
	if (valid & FS_SET_ATIME)
		inode->access_time = attr->access_time;
	if (valid & FS_SET_MTIME)
		inode->modify_time = attr->modify_time;
	inode->change_time = core_time_wall();
	tmpfs_inode_describe(inode, attr);
	return 0;
}

long tmpfs_readlink(uint64_t object, char *buffer, uint64_t size)
{
	struct tmpfs_inode *inode = tmpfs_inode_look_up(object);

	if (!inode)
		return -ENOENT;
	if (!S_ISLNK(inode->mode))
		return -EINVAL;
	if (size > inode->size)
		size = inode->size;
	memcpy(buffer, inode->target, size);
	return (long)size;
}

long tmpfs_readdir(uint64_t directory, uint64_t cookie, struct fs_entry *entries, uint64_t size)
{
	struct tmpfs_inode *parent;
	struct tmpfs_entry *entry, *previous = NULL;
	uint32_t count = 0;
	int error = tmpfs_directory_find(directory, &parent);

	if (error)
		return error;
	for (entry = parent->first; entry && count < size / sizeof(*entries); entry = entry->next) {
		struct fs_entry *out = &entries[count];

		/* Better to fall, and to be put right, than to name what lies elsewhere. */
		if (entry->directory != parent || entry->previous != previous)
			tmpfs_broken("a directory's list is broken");
		previous = entry;
		if (entry->cookie <= cookie)
			continue;
		out->object = entry->inode->object;
		out->cookie = entry->cookie;
		out->type = entry->inode->mode >> 12; /* DT_* are the type bits, readdir(3) */
		string_copy(out->name, entry->name, sizeof(out->name));
		count++;
	}
	return count;
}

long tmpfs_statfs(uint64_t object, struct fs_statistics *statistics)
{
	const struct tmpfs_state *state = &tmpfs_state;
	/* As Linux's default: an inode for each page that may be used. */
	uint64_t files = state->pages_limit;

	*statistics = (struct fs_statistics){
	        .type = TMPFS_MAGIC,
	        .block_size = TMPFS_PAGE_SIZE,
	        .blocks = state->pages_limit,
	        .blocks_free = state->pages_limit > state->pages_used
	                               ? state->pages_limit - state->pages_used
	                               : 0,
	        .files = files,
	        .files_free = files > state->inode_count ? files - state->inode_count : 0,
	};
	return 0;
}
