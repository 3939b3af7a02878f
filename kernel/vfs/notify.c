/* SPDX-License-Identifier: MIT */
#include <kernel/vfs/notify.h>

#include <aramid/uninitialized.h>
#include <asm/fcntl.h>
#include <kernel/lib/errno.h>
#include <kernel/vfs/directory_read.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/inotify.h>
#include <kernel/vfs/vnode_name.h>
#include <linux/stat.h>

static uint32_t moves; /* cookies */

static uint32_t of_type(const struct vnode *vnode, uint32_t events)
{
	return S_ISDIR(vnode->attr.mode) ? events | IN_ISDIR : events;
}

/* What is read and written of a device or a pipe is no change of its directory. */
static uint32_t seen_from_directory(const struct vnode *vnode, uint32_t events)
{
	uint32_t mode = vnode->attr.mode;

	if (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode))
		return events;
	return events & ~(uint32_t)(IN_ACCESS | IN_MODIFY);
}

/* The name of an object where it was found, asked for if it is not known: whether it has, or had,
 * one. */
static bool find_place(struct vnode *vnode, struct vnode_place *place)
{
	if (place->name[0])
		return true;
	if (directory_find_name(vnode->service, place->directory, vnode->object, place->name) != 0)
		return false;
	vnode_set_name(vnode, place->directory, place->name);
	return true;
}

static void tell_directory(struct vnode *vnode, uint32_t events)
{
	struct vnode_place place LEFT_UNINITIALIZED("vnode_read_place fills it");

	vnode_read_place(vnode, &place);
	if (!place.directory || !inotify_is_wanted(vnode->service, place.directory, events) ||
	    !find_place(vnode, &place))
		return;
	inotify_tell(&(const struct inotify_occurrence){.service = vnode->service,
	                                                .object = place.directory,
	                                                .events = events,
	                                                .name = place.name,
	                                                .removed = place.removed});
}

void notify_object(struct vnode *vnode, uint32_t events)
{
	uint32_t seen;

	if (!notify_is_on())
		return;
	seen = seen_from_directory(vnode, of_type(vnode, events));
	if (seen & IN_ALL_EVENTS)
		tell_directory(vnode, seen);
	notify_self(vnode, events);
}

void notify_self(struct vnode *vnode, uint32_t events)
{
	if (notify_is_on())
		inotify_tell(&(const struct inotify_occurrence){.service = vnode->service,
		                                                .object = vnode->object,
		                                                .events = of_type(vnode, events)});
}

void notify_file(struct file *file, uint32_t events)
{
	if (notify_is_on() && file->vnode && !(file->flags & O_PATH))
		notify_object(file->vnode, events);
}

/* As Linux' notify_change: both times are set by utimensat(2), one of them by a read or write. */
void notify_attributes(struct vnode *vnode, uint32_t valid)
{
	const uint32_t times = FS_SET_ATIME | FS_SET_MTIME;
	uint32_t events = 0;

	if ((valid & times) == times || (valid & (FS_SET_MODE | FS_SET_UID | FS_SET_GID)))
		events |= IN_ATTRIB;
	else if (valid & FS_SET_ATIME)
		events |= IN_ACCESS;
	if ((valid & FS_SET_SIZE) || (valid & times) == FS_SET_MTIME)
		events |= IN_MODIFY;
	if (events)
		notify_object(vnode, events);
}

static void tell_name(struct vnode *directory, const char *name, const struct vnode *child,
                      uint32_t events, uint32_t cookie)
{
	inotify_tell(&(const struct inotify_occurrence){.service = directory->service,
	                                                .object = directory->object,
	                                                .events = of_type(child, events),
	                                                .cookie = cookie,
	                                                .name = name});
}

void notify_made(struct vnode *directory, const char *name, struct vnode *child)
{
	if (!notify_is_on())
		return;
	vnode_set_place(child, directory, name, false);
	tell_name(directory, name, child, IN_CREATE, 0);
}

void notify_linked(struct vnode *directory, const char *name, struct vnode *child)
{
	if (!notify_is_on())
		return;
	notify_self(child, IN_ATTRIB);
	tell_name(directory, name, child, IN_CREATE, 0);
}

void notify_removed(struct vnode *directory, const char *name, struct vnode *child)
{
	struct fs_attr attr;

	if (!notify_is_on())
		return;
	/* What is open still is told of by the name that it had. */
	if (S_ISDIR(child->attr.mode) || (vnode_stat(child, &attr) == 0 && attr.links == 0))
		vnode_set_place(child, directory, name, true);
	else
		vnode_lies_in(child, directory);
	if (!S_ISDIR(child->attr.mode))
		notify_self(child, IN_ATTRIB);
	tell_name(directory, name, child, IN_DELETE, 0);
}

void notify_moved(struct vnode *from, const char *old_name, struct vnode *to, const char *new_name,
                  struct vnode *moved)
{
	uint32_t cookie;

	if (!notify_is_on()) {
		vnode_lies_in(moved, to); /* open files may be told of later */
		return;
	}
	vnode_set_place(moved, to, new_name, false);
	cookie = __atomic_add_fetch(&moves, 1, __ATOMIC_RELAXED);
	tell_name(from, old_name, moved, IN_MOVED_FROM, cookie);
	tell_name(to, new_name, moved, IN_MOVED_TO, cookie);
}

void notify_released(struct service *service, uint64_t object)
{
	struct fs_attr attr = {0};

	if (notify_is_on() && fs_getattr(service, object, &attr) == -ENOENT)
		inotify_forget(service, object);
}

void notify_unmounted(const struct service *service, uint32_t disk)
{
	if (notify_is_on())
		inotify_unmounted(service, disk);
}
