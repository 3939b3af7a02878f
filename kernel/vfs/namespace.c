/* SPDX-License-Identifier: MIT
 *
 * Making, linking, removing and moving names. A directory's lock is held from
 * the look at a name to the change of it, so that an object which lost its last
 * name is found by nobody any more.
 */
#include <aramid/uninitialized.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/create.h>
#include <kernel/vfs/descriptor_link.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/fs_type.h>
#include <kernel/vfs/names.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static struct fs_new new_object(struct vnode *directory, uint32_t mode, uint32_t device)
{
	const struct process *process = current_process();
	struct fs_new new = {.mode = mode, .device = device};

	if (process) {
		new.uid = process->credentials.user.filesystem;
		new.gid = process->credentials.group.filesystem;
		if (!S_ISLNK(mode))
			new.mode &= ~(process->umask & 0777);
	}
	/* A set-group-ID directory hands its group down (inode(7)). */
	if (directory->attr.mode & S_ISGID) {
		new.gid = directory->attr.gid;
		if (S_ISDIR(mode))
			new.mode |= S_ISGID;
	}
	return new;
}

int create_in_directory(struct vnode *directory, const char *name, uint32_t mode, uint32_t device,
                        const char *target, struct vnode **vnode)
{
	struct fs_new new = new_object(directory, mode, device);
	struct fs_attr attr = {0};
	uint64_t moment = vnode_moment(directory->service);
	long error = vnode_permission(directory, MAY_WRITE | MAY_EXEC);

	if (error)
		return (int)error;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !process_is_capable(CAP_MKNOD))
		return -EPERM;
	error = WITH_ROOM_FREED(directory, fs_create(directory->service, directory->object, name,
	                                             &new, target, &attr));
	vnode_outdated(directory);
	if (error < 0)
		return (int)error;
	*vnode = vnode_get(directory->service, &attr, directory, moment);
	if (!*vnode) {
		names_forget(directory, name);
		return -ENOMEM;
	}
	names_remember(directory, name, *vnode, moment);
	notify_made(directory, name, *vnode);
	return 0;
}

int create_nameless(struct vnode *directory, uint32_t mode, bool linkable, struct vnode **vnode)
{
	struct service *service = directory->service;
	struct fs_new new = new_object(directory, S_IFREG | (mode & 07777), 0);
	struct fs_attr attr = {0};
	uint64_t moment = vnode_moment(service);
	long error = vnode_permission(directory, MAY_WRITE | MAY_EXEC);

	if (!error && service->recovery != SERVICE_ROLL_BACK)
		error = -EOPNOTSUPP;
	if (!error)
		error = fs_create(service, directory->object, NULL, &new, NULL, &attr);
	if (error < 0)
		return (int)error;
	*vnode = vnode_get(service, &attr, NULL, moment);
	if (!*vnode) {
		(void)fs_release(service, attr.object);
		return -ENOMEM;
	}
	(*vnode)->unlinked = true; /* unless it gets a name, it goes with its last reference */
	(*vnode)->nameless = !linkable;
	return 0;
}

/* *made: one reference. */
static int make(struct vnode *from, const char *path, uint32_t mode, uint32_t device,
                const char *target, struct vnode **made)
{
	struct vnode *existing;
	struct path_last last LEFT_UNINITIALIZED("path_parent fills it");
	int error = path_parent(from, path, &last);

	if (error)
		return error;
	mutex_lock(&last.directory->lock);
	if (last.name[0] == '\0' || is_dots(last.name))
		error = -EEXIST;
	else
		error = path_child(last.directory, last.name, &existing);
	if (!error) {
		vnode_put(existing);
		error = -EEXIST;
	} else if (error == -ENOENT) {
		error = 0;
	}
	if (!error && last.trailing_slash && !S_ISDIR(mode))
		error = -ENOENT;
	if (!error)
		error = create_in_directory(last.directory, last.name, mode, device, target, made);
	mutex_unlock(&last.directory->lock);
	vnode_put(last.directory);
	return error;
}

static int make_and_put(struct vnode *from, const char *path, uint32_t mode, uint32_t device,
                        const char *target)
{
	struct vnode *made = NULL;
	int error = make(from, path, mode, device, target, &made);

	vnode_put(made);
	return error;
}

int vfs_make_held(const char *path, uint32_t mode, struct vnode **made)
{
	return make(NULL, path, mode, 0, NULL, made);
}

int vfs_make(struct vnode *from, const char *path, uint32_t mode, uint32_t device)
{
	if ((mode & S_IFMT) == 0)
		mode |= S_IFREG;
	/* A link needs its text too (symlink(2)). */
	if (!fs_is_type(mode) || S_ISLNK(mode))
		return -EINVAL;
	return make_and_put(from, path, mode & (S_IFMT | 07777), device, NULL);
}

int vfs_symlink(const char *target, struct vnode *from, const char *path)
{
	if (*target == '\0')
		return -ENOENT;
	return make_and_put(from, path, S_IFLNK | 0777, 0, target);
}

/* Whose file it is not may link it only when it could as well copy and change it: Linux's
 * fs.protected_hardlinks (proc_sys_fs(5)), as Debian sets it. */
static int may_link(struct vnode *existing)
{
	uint32_t mode = existing->attr.mode;

	if (vnode_is_owned(existing))
		return 0;
	if (!S_ISREG(mode) || (mode & S_ISUID) ||
	    (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) ||
	    vnode_permission(existing, MAY_READ | MAY_WRITE) != 0)
		return -EPERM;
	return 0;
}

int vfs_link(struct vnode *existing, struct vnode *from, const char *path)
{
	struct path_last last LEFT_UNINITIALIZED("path_parent fills it");
	struct fs_attr attr = {0};
	long error;

	if (S_ISDIR(existing->attr.mode))
		return -EPERM;
	if (existing->nameless)
		return -ENOENT;
	error = path_parent(from, path, &last);
	if (error)
		return (int)error;
	if (last.name[0] == '\0' || is_dots(last.name))
		error = -EEXIST;
	else if (last.trailing_slash)
		error = -ENOENT;
	else if (!vnode_same_file_system(last.directory, existing))
		error = -EXDEV;
	else
		error = may_link(existing);
	if (!error)
		error = vnode_permission(last.directory, MAY_WRITE | MAY_EXEC);
	if (!error) {
		mutex_lock(&last.directory->lock);
		names_forget(last.directory, last.name);
		error = WITH_ROOM_FREED(existing,
		                        fs_link(last.directory->service, last.directory->object,
		                                last.name, existing->object, &attr));
		vnode_outdated(last.directory);
		vnode_outdated(existing);
		if (error >= 0)
			notify_linked(last.directory, last.name, existing);
		mutex_unlock(&last.directory->lock);
	}
	vnode_put(last.directory);
	return error < 0 ? (int)error : 0;
}

/* Whether the process may take a name out of a directory (unlink(2), EACCES and EPERM): in a
 * sticky one, only of its own objects. */
static int may_remove(struct vnode *directory, struct vnode *victim)
{
	int error = vnode_permission(directory, MAY_WRITE | MAY_EXEC);

	if (error || !(directory->attr.mode & S_ISVTX))
		return error;
	return vnode_is_owned(directory) || vnode_is_owned(victim) ? 0 : -EPERM;
}

/* The last name was taken: what unlink and rename find wrong with it by itself. */
static int check_last(const struct path_last *last, bool directory)
{
	if (last->name[0] == '\0')
		return directory ? -EBUSY : -EISDIR; /* the root */
	if (strcmp(last->name, ".") == 0)
		return directory ? -EINVAL : -EISDIR;
	if (strcmp(last->name, "..") == 0)
		return directory ? -ENOTEMPTY : -EISDIR;
	return 0;
}

static int remove_child(const struct path_last *last, uint32_t flags, struct vnode *victim)
{
	bool directory = S_ISDIR(victim->attr.mode);
	uint64_t moment = vnode_moment(victim->service);
	long error = may_remove(last->directory, victim);

	if (error)
		return (int)error;
	if ((flags & AT_REMOVEDIR) && !directory)
		return -ENOTDIR;
	if (!(flags & AT_REMOVEDIR) && directory)
		return -EISDIR;
	if (victim->mounted)
		return -EBUSY;
	if (!directory && last->trailing_slash)
		return -ENOTDIR;
	/* Said before it is so: were the call to fall half-way, release does no harm. */
	victim->unlinked = true;
	disk_sync_if_many(last->directory);
	error = fs_unlink(last->directory->service, last->directory->object, last->name, flags);
	vnode_outdated(last->directory);
	vnode_outdated(victim);
	if (error < 0)
		return (int)error;
	names_remember(last->directory, last->name, NULL, moment);
	notify_removed(last->directory, last->name, victim);
	return 0;
}

int vfs_unlink(struct vnode *from, const char *path, uint32_t flags)
{
	struct vnode *victim = NULL;
	struct path_last last LEFT_UNINITIALIZED("path_parent fills it");
	int error = path_parent(from, path, &last);

	if (error)
		return error;
	error = check_last(&last, flags & AT_REMOVEDIR);
	if (!error) {
		mutex_lock(&last.directory->lock);
		error = path_child(last.directory, last.name, &victim);
		if (!error)
			error = remove_child(&last, flags, victim);
		mutex_unlock(&last.directory->lock);
	}
	vnode_put(victim);
	vnode_put(last.directory);
	return error;
}

long vfs_readlink(struct vnode *link, char *buffer, uint64_t size)
{
	long length;

	if (!S_ISLNK(link->attr.mode))
		return -EINVAL;
	if (link->attr.flags & FS_ATTR_PLACE)
		return place_link_read(link, buffer, size);
	length = fs_readlink(link->service, link->object, buffer, size);
	return length > (long)size ? -EIO : length;
}

int vfs_statistics(struct vnode *vnode, struct fs_statistics *statistics)
{
	long error = fs_statfs(vnode->service, vnode->object, statistics);

	return error < 0 ? (int)error : 0;
}
