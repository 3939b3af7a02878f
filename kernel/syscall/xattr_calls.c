/* SPDX-License-Identifier: MIT
 *
 * Extended attributes (xattr(7)). No file system here has any: these calls answer what Linux
 * answers for one that has none, wrong arguments first.
 */
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/stat.h>
#include <linux/xattr.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/vnode.h>

/* A name from the user: 0, -EFAULT, -ERANGE. */
static long read_name(char *name, const char __user *from)
{
	long length = copy_string_from_user(name, from, XATTR_NAME_MAX + 1);

	if (length == -ENAMETOOLONG || length == 0)
		return -ERANGE;
	return length < 0 ? length : 0;
}

static bool has_prefix(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Who may use names of a kind, and on what (xattr(7)): 0, -ENODATA to read, -EPERM to change. */
static long check_rights(const char *name, struct vnode *vnode, bool changes)
{
	uint32_t type = vnode->attr.mode & S_IFMT;

	if (has_prefix(name, XATTR_TRUSTED_PREFIX) && !process_is_capable(CAP_SYS_ADMIN))
		return changes ? -EPERM : -ENODATA;
	if (!has_prefix(name, XATTR_USER_PREFIX))
		return 0;
	if (type != S_IFREG && type != S_IFDIR)
		return changes ? -EPERM : -ENODATA;
	return vnode_permission(vnode, changes ? MAY_WRITE : MAY_READ);
}

static long answer(struct vnode *vnode, const char __user *from, bool changes)
{
	char name[XATTR_NAME_MAX + 1];
	long error = read_name(name, from);

	if (!error)
		error = check_rights(name, vnode, changes);
	return error ? error : -EOPNOTSUPP;
}

static long check_value(uint64_t size, uint32_t flags)
{
	if (flags & ~(uint32_t)(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	return size > XATTR_SIZE_MAX ? -E2BIG : 0;
}

/* The file is looked for first, whatever is wrong with the name. */
static long answer_path(const char __user *path, uint32_t flags, const char __user *name,
                        bool changes)
{
	struct vnode *vnode;
	long error = path_argument_lookup(AT_FDCWD, path, flags, &vnode);

	if (error)
		return error;
	error = answer(vnode, name, changes);
	vnode_put(vnode);
	return error;
}

static long answer_open(int fd, const char __user *name, bool changes)
{
	struct file *file = file_from_descriptor(fd);
	long error = -EOPNOTSUPP;

	if (!file)
		return -EBADF;
	if (file->flags & O_PATH)
		error = -EBADF;
	else if (file->vnode)
		error = answer(file->vnode, name, changes);
	file_put(file);
	return error;
}

long sys_setxattr(const char __user *path, const char __user *name, const void __user *value,
                  uint64_t size, uint32_t flags)
{
	return check_value(size, flags) ?: answer_path(path, 0, name, true);
}

long sys_lsetxattr(const char __user *path, const char __user *name, const void __user *value,
                   uint64_t size, uint32_t flags)
{
	return check_value(size, flags) ?: answer_path(path, AT_SYMLINK_NOFOLLOW, name, true);
}

long sys_fsetxattr(int fd, const char __user *name, const void __user *value, uint64_t size,
                   uint32_t flags)
{
	return check_value(size, flags) ?: answer_open(fd, name, true);
}

long sys_getxattr(const char __user *path, const char __user *name, void __user *value,
                  uint64_t size)
{
	return answer_path(path, 0, name, false);
}

long sys_lgetxattr(const char __user *path, const char __user *name, void __user *value,
                   uint64_t size)
{
	return answer_path(path, AT_SYMLINK_NOFOLLOW, name, false);
}

long sys_fgetxattr(int fd, const char __user *name, void __user *value, uint64_t size)
{
	return answer_open(fd, name, false);
}

long sys_removexattr(const char __user *path, const char __user *name)
{
	return answer_path(path, 0, name, true);
}

long sys_lremovexattr(const char __user *path, const char __user *name)
{
	return answer_path(path, AT_SYMLINK_NOFOLLOW, name, true);
}

long sys_fremovexattr(int fd, const char __user *name)
{
	return answer_open(fd, name, true);
}

/* The empty list, for what there is. */
static long list_path(const char __user *path, uint32_t flags)
{
	struct vnode *vnode;
	long error = path_argument_lookup(AT_FDCWD, path, flags, &vnode);

	if (!error)
		vnode_put(vnode);
	return error;
}

long sys_listxattr(const char __user *path, void __user *list, uint64_t size)
{
	return list_path(path, 0);
}

long sys_llistxattr(const char __user *path, void __user *list, uint64_t size)
{
	return list_path(path, AT_SYMLINK_NOFOLLOW);
}

long sys_flistxattr(int fd, void __user *list, uint64_t size)
{
	return descriptor_get_flags(fd) < 0 ? -EBADF : 0;
}
