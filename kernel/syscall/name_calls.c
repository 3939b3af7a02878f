/* SPDX-License-Identifier: MIT
 *
 * Calls that make, remove and move names, and the calling process's own place
 * among them.
 */
#include <aramid/uninitialized.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>

static long make(int directory, const char __user *path, uint32_t mode, uint32_t device)
{
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	long result = path_argument_get(&argument, directory, path, false);

	if (result)
		return result;
	result = vfs_make(argument.from, argument.path, mode, device);
	path_argument_put(&argument);
	return result;
}

long sys_mkdirat(int directory, const char __user *path, uint32_t mode)
{
	return make(directory, path, S_IFDIR | (mode & 01777), 0);
}

long sys_mkdir(const char __user *path, uint32_t mode)
{
	return sys_mkdirat(AT_FDCWD, path, mode);
}

long sys_mknodat(int directory, const char __user *path, uint32_t mode, uint32_t device)
{
	uint32_t type = mode & S_IFMT;

	if (type == S_IFDIR)
		return -EPERM;
	if (type == 0)
		mode |= S_IFREG;
	/* The user's encoding has the minor's upper bits elsewhere (makedev(3)). */
	device = (device >> 8 & 0xfff) << 8 | (device & 0xff);
	return make(directory, path, mode, device);
}

long sys_mknod(const char __user *path, uint32_t mode, uint32_t device)
{
	return sys_mknodat(AT_FDCWD, path, mode, device);
}

long sys_unlinkat(int directory, const char __user *path, uint32_t flags)
{
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	long result;

	if (flags & ~(uint32_t)AT_REMOVEDIR)
		return -EINVAL;
	result = path_argument_get(&argument, directory, path, false);
	if (result)
		return result;
	result = vfs_unlink(argument.from, argument.path, flags);
	path_argument_put(&argument);
	return result;
}

long sys_unlink(const char __user *path)
{
	return sys_unlinkat(AT_FDCWD, path, 0);
}

long sys_rmdir(const char __user *path)
{
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

long sys_renameat2(int old_directory, const char __user *old_path, int new_directory,
                   const char __user *new_path, uint32_t flags)
{
	struct path_argument old LEFT_UNINITIALIZED("path_argument_get fills it");
	struct path_argument new LEFT_UNINITIALIZED("path_argument_get fills it");
	long result;

	/* One or the other. */
	if (flags && flags != RENAME_NOREPLACE && flags != RENAME_EXCHANGE)
		return -EINVAL;
	result = path_argument_get(&old, old_directory, old_path, false);
	if (result)
		return result;
	result = path_argument_get(&new, new_directory, new_path, false);
	if (result == 0) {
		result = vfs_rename(old.from, old.path, new.from, new.path, flags);
		path_argument_put(&new);
	}
	path_argument_put(&old);
	return result;
}

long sys_renameat(int old_directory, const char __user *old_path, int new_directory,
                  const char __user *new_path)
{
	return sys_renameat2(old_directory, old_path, new_directory, new_path, 0);
}

long sys_rename(const char __user *old_path, const char __user *new_path)
{
	return sys_renameat2(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

long sys_linkat(int old_directory, const char __user *old_path, int new_directory,
                const char __user *new_path, uint32_t flags)
{
	struct path_argument new LEFT_UNINITIALIZED("path_argument_get fills it");
	struct vnode *existing;
	uint32_t lookup = flags & AT_EMPTY_PATH;
	long result;

	if (flags & ~(uint32_t)(AT_EMPTY_PATH | AT_SYMLINK_FOLLOW))
		return -EINVAL;
	if (!(flags & AT_SYMLINK_FOLLOW))
		lookup |= AT_SYMLINK_NOFOLLOW;
	result = path_argument_lookup(old_directory, old_path, lookup, &existing);
	if (result)
		return result;
	result = path_argument_get(&new, new_directory, new_path, false);
	if (result == 0) {
		result = vfs_link(existing, new.from, new.path);
		path_argument_put(&new);
	}
	vnode_put(existing);
	return result;
}

long sys_link(const char __user *old_path, const char __user *new_path)
{
	return sys_linkat(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

long sys_symlinkat(const char __user *target, int directory, const char __user *path)
{
	struct path_argument text LEFT_UNINITIALIZED("path_argument_get fills it");
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	long result = path_argument_get(&text, AT_FDCWD, target, false);

	if (result)
		return result;
	result = path_argument_get(&argument, directory, path, false);
	if (result == 0) {
		result = vfs_symlink(text.path, argument.from, argument.path);
		path_argument_put(&argument);
	}
	path_argument_put(&text);
	return result;
}

long sys_symlink(const char __user *target, const char __user *path)
{
	return sys_symlinkat(target, AT_FDCWD, path);
}

long sys_readlinkat(int directory, const char __user *path, void __user *buffer, uint64_t size)
{
	struct vnode *link;
	char *target, empty;
	long result;

	if ((int)size <= 0)
		return -EINVAL;
	result = path_argument_lookup(directory, path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &link);
	if (result)
		return result;
	target = heap_alloc(&core_heap, PATH_MAX_BYTES);
	result = target ? vfs_readlink(link, target, size < PATH_MAX_BYTES ? size : PATH_MAX_BYTES)
	                : -ENOMEM;
	if (result > 0 && copy_to_user(buffer, target, (uint64_t)result))
		result = -EFAULT;
	heap_free(&core_heap, target);
	/* An empty path stands for a descriptor of a link (readlinkat(2)), or for nothing. */
	if (result == -EINVAL && copy_string_from_user(&empty, path, 1) == 0)
		result = -ENOENT;
	vnode_put(link);
	return result;
}

long sys_readlink(const char __user *path, void __user *buffer, uint64_t size)
{
	return sys_readlinkat(AT_FDCWD, path, buffer, size);
}

/* Takes over the reference. */
static long enter_directory(struct vnode *directory)
{
	long error =
	        S_ISDIR(directory->attr.mode) ? vnode_permission(directory, MAY_EXEC) : -ENOTDIR;

	if (error) {
		vnode_put(directory);
		return error;
	}
	process_change_cwd(directory);
	return 0;
}

static long enter_path(const char *path)
{
	struct vnode *directory;
	int error = path_lookup(NULL, path, 0, &directory);

	return error ? error : enter_directory(directory);
}

long sys_chdir(const char __user *path)
{
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	long error = path_argument_get(&argument, AT_FDCWD, path, false);

	if (error)
		return error;
	error = enter_path(argument.path);
	if (!error)
		process_note_cwd(argument.path);
	path_argument_put(&argument);
	return error;
}

long sys_fchdir(int fd)
{
	struct file *file = file_from_descriptor(fd);
	long error;

	if (!file)
		return -EBADF;
	error = file->vnode ? enter_directory(vnode_hold(file->vnode)) : -ENOTDIR;
	if (!error)
		process_note_cwd(file->path[0] == '/' ? file->path : "");
	file_put(file);
	return error;
}

long sys_chroot(const char __user *path)
{
	struct vnode *directory;
	long error = path_argument_lookup(AT_FDCWD, path, 0, &directory);

	if (error)
		return error;
	if (!S_ISDIR(directory->attr.mode))
		error = -ENOTDIR;
	else if (!process_is_capable(CAP_SYS_CHROOT))
		error = -EPERM;
	if (error) {
		vnode_put(directory);
		return error;
	}
	process_change_root(directory);
	return 0;
}

/* The length with the NUL (getcwd(2), "C library/kernel differences"). */
long sys_getcwd(void __user *buffer, uint64_t size)
{
	char *path = heap_alloc(&core_heap, PATH_MAX_BYTES);
	struct vnode *directory;
	long length;

	if (!path)
		return -ENOMEM;
	directory = process_hold_cwd();
	length = path_of_directory(directory, path, PATH_MAX_BYTES);
	vnode_put(directory);
	if (length >= 0) {
		length++;
		if ((uint64_t)length > size)
			length = -ERANGE;
		else if (copy_to_user(buffer, path, (uint64_t)length))
			length = -EFAULT;
	}
	heap_free(&core_heap, path);
	return length;
}

long sys_umask(uint32_t mask)
{
	return __atomic_exchange_n(&current_process()->umask, mask & 0777, __ATOMIC_RELAXED);
}
