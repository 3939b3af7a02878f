/* SPDX-License-Identifier: MIT
 *
 * rename(2). Two directories are locked at once: one rename over two directories
 * at a time (tree_lock), and the ancestor first, so that neither two renames nor a
 * rename and a removal in one of them wait for each other.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/names.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/fs.h>
#include <linux/stat.h>

static struct mutex tree_lock = MUTEX_INIT(tree_lock);

/* Whether a directory lies in, or is, another. Under tree_lock, so that it stays so. */
static bool lies_in(struct vnode *directory, struct vnode *ancestor)
{
	struct vnode *at = vnode_hold(directory);
	bool found;

	for (;;) {
		struct vnode *parent;

		found = at == ancestor;
		if (found)
			break;
		parent = vnode_parent(at);
		if (parent == at) {
			vnode_put(parent);
			break;
		}
		vnode_put(at);
		at = parent;
	}
	vnode_put(at);
	return found;
}

static void lock_both(struct vnode *a, struct vnode *b)
        NO_LOCK_ANALYSIS("one lock or three, by what the nodes are to each other")
{
	if (a == b) {
		mutex_lock(&a->lock);
		return;
	}
	mutex_lock(&tree_lock);
	if (lies_in(a, b)) {
		mutex_lock(&b->lock);
		mutex_lock(&a->lock);
	} else {
		mutex_lock(&a->lock);
		mutex_lock(&b->lock);
	}
}

static void unlock_both(struct vnode *a, struct vnode *b)
        NO_LOCK_ANALYSIS("one lock or three, by what the nodes are to each other")
{
	mutex_unlock(&a->lock);
	if (a == b)
		return;
	mutex_unlock(&b->lock);
	mutex_unlock(&tree_lock);
}

/* In a sticky directory, only of one's own objects (rename(2), EPERM). */
static int may_take(struct vnode *directory, struct vnode *child)
{
	int error = vnode_permission(directory, MAY_WRITE | MAY_EXEC);

	if (error || !(directory->attr.mode & S_ISVTX))
		return error;
	return vnode_is_owned(directory) || vnode_is_owned(child) ? 0 : -EPERM;
}

/* A directory that moves to another one gets a new "..". */
static int may_move(const struct path_last *from, const struct path_last *to, struct vnode *moved)
{
	if (!S_ISDIR(moved->attr.mode) || from->directory == to->directory)
		return 0;
	/* It cannot come to lie in itself. */
	if (lies_in(to->directory, moved))
		return -EINVAL;
	return vnode_permission(moved, MAY_WRITE);
}

/* What is asked of both names before the service is. replaced: what has the new name already. */
static int check(const struct path_last *old, const struct path_last *new, struct vnode *moved,
                 struct vnode *replaced, uint32_t flags)
{
	bool exchange = flags & RENAME_EXCHANGE;
	int error = may_take(old->directory, moved);

	if (!error)
		error = replaced ? may_take(new->directory, replaced)
		                 : vnode_permission(new->directory, MAY_WRITE | MAY_EXEC);
	if (error)
		return error;
	if (replaced && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (moved->mounted || (replaced && replaced->mounted))
		return -EBUSY;
	if (!S_ISDIR(moved->attr.mode) &&
	    (old->trailing_slash || (new->trailing_slash && !exchange)))
		return -ENOTDIR;
	if (exchange && !S_ISDIR(replaced->attr.mode) && new->trailing_slash)
		return -ENOTDIR;
	error = may_move(old, new, moved);
	return !error && exchange ? may_move(new, old, replaced) : error;
}

/* Who watches the names, or has found them, sees what they are now. */
static void tell(const struct path_last *old, const struct path_last *new, struct vnode *moved,
                 struct vnode *replaced, uint32_t flags)
{
	bool exchange = flags & RENAME_EXCHANGE;

	notify_moved(old->directory, old->name, new->directory, new->name, moved);
	if (replaced && !exchange)
		notify_self(replaced, IN_ATTRIB);
	notify_self(moved, IN_MOVE_SELF);
	if (!exchange)
		return;
	notify_moved(new->directory, new->name, old->directory, old->name, replaced);
	notify_self(replaced, IN_MOVE_SELF);
}

/* A directory lies elsewhere now. */
static void set_parent(struct vnode *moved, struct vnode *from, struct vnode *to)
{
	if (S_ISDIR(moved->attr.mode) && from != to)
		vnode_set_parent(moved, to);
}

static long rename_checked(const struct path_last *old, const struct path_last *new,
                           struct vnode *moved, struct vnode *replaced, uint32_t flags)
{
	long error;

	if (replaced && !(flags & RENAME_EXCHANGE))
		replaced->unlinked = true;
	names_forget(old->directory, old->name);
	names_forget(new->directory, new->name);
	error = WITH_ROOM_FREED(moved,
	                        fs_rename(old->directory->service, old->directory->object,
	                                  old->name, new->directory->object, new->name, flags));
	vnode_outdated(old->directory);
	vnode_outdated(new->directory);
	vnode_outdated(moved);
	if (replaced)
		vnode_outdated(replaced);
	if (error < 0)
		return error;
	set_parent(moved, old->directory, new->directory);
	if (flags & RENAME_EXCHANGE)
		set_parent(replaced, new->directory, old->directory);
	tell(old, new, moved, replaced, flags);
	return 0;
}

static int rename_locked(const struct path_last *old, const struct path_last *new, uint32_t flags)
{
	struct vnode *moved = NULL, *replaced = NULL;
	long error = path_child(old->directory, old->name, &moved);

	if (!error) {
		error = path_child(new->directory, new->name, &replaced);
		if (error == -ENOENT && !(flags & RENAME_EXCHANGE))
			error = 0;
	}
	if (!error)
		error = check(old, new, moved, replaced, flags);
	if (!error && moved != replaced)
		error = rename_checked(old, new, moved, replaced, flags);
	vnode_put(replaced);
	vnode_put(moved);
	return (int)error;
}

static bool can_be_renamed(const char *name)
{
	return name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

int vfs_rename(struct vnode *old_from, const char *old_path, struct vnode *new_from,
               const char *new_path, uint32_t flags)
{
	struct path_last old, new;
	int error;

	error = path_parent(old_from, old_path, &old);
	if (error)
		return error;
	error = path_parent(new_from, new_path, &new);
	if (error) {
		vnode_put(old.directory);
		return error;
	}
	if (!vnode_same_file_system(old.directory, new.directory)) {
		error = -EXDEV;
	} else if (!can_be_renamed(old.name) || !can_be_renamed(new.name)) {
		error = -EBUSY;
	} else {
		lock_both(old.directory, new.directory);
		error = rename_locked(&old, &new, flags);
		unlock_both(old.directory, new.directory);
	}
	vnode_put(old.directory);
	vnode_put(new.directory);
	return error;
}
