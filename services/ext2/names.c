/* SPDX-License-Identifier: MIT
 *
 * lookup, create, link and unlink.
 */
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <services/ext2/ext2.h>

/* The inode of a name; one without links there is a broken image's. */
static int find_child(struct ext2_inode *directory, const char *name, struct ext2_inode *child)
{
	struct ext2_place place;
	uint32_t number;
	int error = ext2_entry_find(directory, name, &number, &place);

	if (!error)
		error = ext2_inode_read(directory->fs, number, child) ? -EUCLEAN : 0;
	if (error)
		return error;
	return child->image.i_links_count ? 0 : -EUCLEAN;
}

long ext2_lookup(uint64_t directory, const char *name, struct fs_attr *attr)
{
	struct ext2_inode parent, child;
	int error = ext2_directory_find(directory, &parent);

	if (!error)
		error = find_child(&parent, name, &child);
	if (!error)
		ext2_inode_describe(&child, attr);
	return error;
}

/* As if it had lost its last name already. */
static int create_nameless(struct ext2_inode *parent, const struct fs_new *new_object,
                           struct fs_attr *attr)
{
	struct ext2_inode inode;
	int error;

	if (!S_ISREG(new_object->mode))
		return -EINVAL;
	error = ext2_inode_allocate(parent, new_object, &inode);
	if (error)
		return error;
	ext2_orphan_make(&inode);
	ext2_inode_describe(&inode, attr);
	return ext2_inode_write(&inode);
}

/* What its kind has beyond an inode. */
static int make_kind(struct ext2_inode *parent, const struct fs_new *new_object, const char *target,
                     struct ext2_inode *inode)
{
	uint32_t device = new_object->device;

	inode->image.i_links_count = 1;
	if (S_ISCHR(new_object->mode) || S_ISBLK(new_object->mode)) {
		inode->image.i_block[device > 0xffff] =
		        device > 0xffff ? (device & 0xfff00) | (device & 0xff) : device;
		return 0;
	}
	if (S_ISLNK(new_object->mode))
		return target ? ext2_target_set(inode, target) : -EINVAL;
	if (!S_ISDIR(new_object->mode))
		return 0;
	/* A directory has two more links: "." and its name; and is one of its parent's: "..". */
	inode->image.i_links_count = 2;
	parent->image.i_links_count++;
	return ext2_directory_make(inode, parent);
}

static long do_create(uint64_t directory, const char *name, const struct fs_new *new_object,
                      const char *target, struct fs_attr *attr)
{
	struct ext2_inode parent, inode;
	struct ext2_place room;
	int error = ext2_directory_find_writable(directory, &parent);

	if (!error && !name)
		return create_nameless(&parent, new_object, attr);
	if (!error)
		error = ext2_may_change(&parent, EXT2_FLAG_IMMUTABLE);
	if (!error)
		error = ext2_entry_room(&parent, name, &room);
	if (!error && S_ISDIR(new_object->mode) && parent.image.i_links_count >= EXT2_LINK_MAX)
		error = -EMLINK;
	if (!error)
		error = ext2_inode_allocate(&parent, new_object, &inode);
	if (!error)
		error = make_kind(&parent, new_object, target, &inode);
	if (!error)
		error = ext2_inode_write(&inode);
	if (!error)
		error = ext2_entry_insert(&parent, name, &inode, room);
	if (error)
		return error;
	ext2_touch_modified(&parent);
	ext2_inode_describe(&inode, attr);
	return ext2_inode_write(&parent);
}

long ext2_create(uint64_t directory, const char *name, const struct fs_new *new_object,
                 const char *target, struct fs_attr *attr)
{
	return ext2_end(do_create(directory, name, new_object, target, attr));
}

static long do_link(uint64_t directory, const char *name, uint64_t object, struct fs_attr *attr)
{
	struct ext2_inode parent, inode;
	struct ext2_place room;
	int error = ext2_directory_find_writable(directory, &parent);

	if (!error)
		error = ext2_entry_room(&parent, name, &room);
	if (!error)
		error = ext2_inode_find(object, &inode);
	if (error)
		return error;
	/* What lost its last name cannot get a new one (link(2)). */
	if (inode.image.i_links_count == 0)
		return -ENOENT;
	if (S_ISDIR(inode.image.i_mode))
		return -EPERM;
	if (inode.fs != parent.fs)
		return -EXDEV;
	if (inode.image.i_links_count >= EXT2_LINK_MAX)
		return -EMLINK;
	error = ext2_may_change(&inode, EXT2_FLAG_IMMUTABLE | EXT2_FLAG_APPEND);
	if (!error)
		error = ext2_may_change(&parent, EXT2_FLAG_IMMUTABLE);
	if (!error)
		error = ext2_entry_insert(&parent, name, &inode, room);
	if (error)
		return error;
	inode.image.i_links_count++;
	ext2_touch_changed(&inode);
	ext2_touch_modified(&parent);
	ext2_inode_describe(&inode, attr);
	error = ext2_inode_write(&inode);
	return error ? error : ext2_inode_write(&parent);
}

long ext2_link(uint64_t directory, const char *name, uint64_t object, struct fs_attr *attr)
{
	return ext2_end(do_link(directory, name, object, attr));
}

int ext2_name_drop(struct ext2_inode *parent, struct ext2_inode *inode)
{
	if (!S_ISDIR(inode->image.i_mode)) {
		if (--inode->image.i_links_count == 0)
			ext2_orphan_make(inode);
	} else {
		if (parent->image.i_links_count == 0)
			return -EUCLEAN;
		parent->image.i_links_count--;
		ext2_orphan_make(inode);
	}
	ext2_touch_changed(inode);
	return ext2_inode_write(inode);
}

static long do_unlink(uint64_t directory, const char *name, uint32_t flags)
{
	struct ext2_inode parent, inode;
	int error = ext2_directory_find_writable(directory, &parent);

	if (!error)
		error = find_child(&parent, name, &inode);
	if (error)
		return error;
	if (S_ISDIR(inode.image.i_mode) != !!(flags & AT_REMOVEDIR))
		return S_ISDIR(inode.image.i_mode) ? -EISDIR : -ENOTDIR;
	error = ext2_may_change(&parent, EXT2_FLAG_IMMUTABLE | EXT2_FLAG_APPEND);
	if (!error)
		error = ext2_may_change(&inode, EXT2_FLAG_IMMUTABLE | EXT2_FLAG_APPEND);
	/* A directory that a broken image has put into itself, or the root. */
	if (!error && (inode.number == parent.number || inode.number == EXT2_ROOT_INODE))
		error = -EUCLEAN;
	if (!error && S_ISDIR(inode.image.i_mode))
		error = ext2_directory_empty(&inode);
	if (!error)
		error = ext2_entry_remove(&parent, name);
	if (!error)
		error = ext2_name_drop(&parent, &inode);
	if (error)
		return error;
	ext2_touch_modified(&parent);
	return ext2_inode_write(&parent);
}

long ext2_unlink(uint64_t directory, const char *name, uint32_t flags)
{
	return ext2_end(do_unlink(directory, name, flags));
}
