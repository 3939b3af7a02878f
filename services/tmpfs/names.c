/* SPDX-License-Identifier: MIT
 *
 * lookup, create, link and unlink. Everything that can be refused is refused, and
 * everything that can run out is allocated, before the first change.
 */
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>
#include <services/tmpfs/transaction.h>

long tmpfs_lookup(uint64_t directory, const char *name, struct fs_attr *attr)
{
	struct tmpfs_inode *parent;
	struct tmpfs_entry *entry;
	int error = tmpfs_directory_find(directory, &parent);

	if (error)
		return error;
	entry = tmpfs_entry_look_up(parent, name);
	if (!entry)
		return -ENOENT;
	tmpfs_inode_describe(entry->inode, attr);
	return 0;
}

/* Whether a directory can take a name: -ENOENT when it was removed, -EEXIST, -ENAMETOOLONG. */
static int check_name(const struct tmpfs_inode *directory, const char *name)
{
	if (directory->links == 0)
		return -ENOENT;
	if (strnlen(name, FS_NAME_MAX + 1) > FS_NAME_MAX)
		return -ENAMETOOLONG;
	return tmpfs_entry_look_up(directory, name) ? -EEXIST : 0;
}

static char *copy_target(const char *target)
{
	size_t size = strlen(target) + 1;
	char *copy = core_alloc(size);

	if (copy)
		memcpy(copy, target, size);
	return copy;
}

/* A directory has two more links: "." and its name; and is one of its parent's: "..". */
static void set_first_links(struct tmpfs_inode *inode, struct tmpfs_inode *parent)
{
	TX_NEW(inode->links, S_ISDIR(inode->mode) ? 2 : 1);
	if (!S_ISDIR(inode->mode))
		return;
	TX_NEW(inode->parent, parent);
	TX_SET(parent->links, parent->links + 1);
}

/* As if it had lost its last name already. */
static long create_nameless(const struct fs_new *new_object, struct fs_attr *attr)
{
	struct tmpfs_inode *inode;

	if (!S_ISREG(new_object->mode))
		return -EINVAL;
	inode = tmpfs_inode_create(new_object);
	if (!inode)
		return -ENOSPC;
	inode->nameless = true;
	tmpfs_inode_describe(inode, attr);
	return 0;
}

long tmpfs_create(uint64_t directory, const char *name, const struct fs_new *new_object,
                  const char *target, struct fs_attr *attr)
{
	struct tmpfs_inode *parent, *inode;
	struct tmpfs_entry *entry;
	char *text = NULL;
	int error = tmpfs_directory_find(directory, &parent);

	if (!error && !name)
		return create_nameless(new_object, attr);
	if (!error)
		error = check_name(parent, name);
	if (!error && S_ISDIR(new_object->mode) && parent->links >= TMPFS_LINK_MAX)
		error = -EMLINK;
	if (error)
		return error;
	entry = tmpfs_entry_create(name);
	if (S_ISLNK(new_object->mode))
		text = copy_target(target);
	inode = entry && (text || !S_ISLNK(new_object->mode)) ? tmpfs_inode_create(new_object)
	                                                      : NULL;
	if (!inode) {
		core_free(text);
		core_free(entry);
		return -ENOSPC;
	}
	if (text) {
		inode->target = text;
		inode->size = strlen(text);
	}
	set_first_links(inode, parent);
	tmpfs_entry_insert(entry, parent, inode, inode->change_time);
	tmpfs_must_be_named(parent, name, inode);
	tmpfs_inode_describe(inode, attr);
	return 0;
}

long tmpfs_link(uint64_t directory, const char *name, uint64_t object, struct fs_attr *attr)
{
	struct tmpfs_inode *parent, *inode = tmpfs_inode_look_up(object);
	struct tmpfs_entry *entry;
	uint64_t now;
	int error = tmpfs_directory_find(directory, &parent);

	if (!error)
		error = check_name(parent, name);
	if (error)
		return error;
	/* What lost its last name cannot get a new one (link(2)); what never had one can. */
	if (!inode || (inode->links == 0 && !inode->nameless))
		return -ENOENT;
	if (S_ISDIR(inode->mode))
		return -EPERM;
	if (inode->links >= TMPFS_LINK_MAX)
		return -EMLINK;
	entry = tmpfs_entry_create(name);
	if (!entry)
		return -ENOSPC;
	now = core_time_wall();
	tmpfs_set_links(inode, inode->links + 1, now);
	TX_SET(inode->nameless, false);
	tmpfs_entry_insert(entry, parent, inode, now);
	tmpfs_must_be_named(parent, name, inode);
	tmpfs_inode_describe(inode, attr);
	return 0;
}

long tmpfs_unlink(uint64_t directory, const char *name, uint32_t flags)
{
	struct tmpfs_inode *parent, *inode;
	struct tmpfs_entry *entry;
	uint64_t now;
	int error = tmpfs_directory_find(directory, &parent);

	if (error)
		return error;
	entry = tmpfs_entry_look_up(parent, name);
	if (!entry)
		return -ENOENT;
	inode = entry->inode;
	if (S_ISDIR(inode->mode) != !!(flags & AT_REMOVEDIR))
		return S_ISDIR(inode->mode) ? -EISDIR : -ENOTDIR;
	if (S_ISDIR(inode->mode) && inode->entries > 0)
		return -ENOTEMPTY;
	now = core_time_wall();
	tmpfs_entry_remove(entry, now);
	tmpfs_set_links(inode, S_ISDIR(inode->mode) ? 0 : inode->links - 1, now);
	if (S_ISDIR(inode->mode))
		TX_SET(parent->links, parent->links - 1);
	tmpfs_must_be_named(parent, name, NULL);
	tmpfs_must_be_removable(inode, flags & AT_REMOVEDIR);
	return 0;
}
