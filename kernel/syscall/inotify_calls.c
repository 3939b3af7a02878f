/* SPDX-License-Identifier: MIT
 *
 * inotify(7).
 */
#include <linux/fcntl.h>
#include <linux/inotify.h>

#include <kernel/lib/errno.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/inotify.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>

#define MASK_BITS                                                                                  \
	(IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ONLYDIR | IN_DONT_FOLLOW |   \
	 IN_EXCL_UNLINK | IN_MASK_ADD | IN_MASK_CREATE | IN_ISDIR | IN_ONESHOT)

long sys_inotify_init1(uint32_t flags)
{
	if (flags & ~(uint32_t)(IN_NONBLOCK | IN_CLOEXEC))
		return -EINVAL;
	return inotify_open(flags);
}

long sys_inotify_init(void)
{
	return inotify_open(0);
}

static long add_watch(struct file *file, const char __user *path, uint32_t mask)
{
	struct vnode *vnode;
	long result =
	        path_argument_find(AT_FDCWD, path, mask & IN_DONT_FOLLOW ? AT_SYMLINK_NOFOLLOW : 0,
	                           mask & IN_ONLYDIR ? PATH_DIRECTORY : 0, &vnode);

	if (result)
		return result;
	result = vnode_permission(vnode, MAY_READ);
	if (!result)
		result = inotify_add(file, vnode, mask);
	vnode_put(vnode);
	return result;
}

long sys_inotify_add_watch(int fd, const char __user *path, uint32_t mask)
{
	struct file *file;
	long result;

	if ((mask & ~(uint32_t)MASK_BITS) || mask == 0)
		return -EINVAL;
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	if (!file_is_inotify(file) || ((mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE)))
		result = -EINVAL;
	else
		result = add_watch(file, path, mask);
	file_put(file);
	return result;
}

long sys_inotify_rm_watch(int fd, int watch)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = file_is_inotify(file) ? inotify_remove(file, watch) : -EINVAL;
	file_put(file);
	return result;
}
