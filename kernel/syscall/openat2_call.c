/* SPDX-License-Identifier: MIT
 *
 * openat2(2): open with limits on the way there, and without leniency.
 */
#include <aramid/uninitialized.h>
#include <linux/fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>

#define TMPFILE (O_TMPFILE & ~O_DIRECTORY)
#define KNOWN_FLAGS                                                                                \
	((uint64_t)(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK |    \
	            O_SYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW |          \
	            O_NOATIME | O_CLOEXEC | O_PATH | TMPFILE))
#define PATH_FLAGS ((uint64_t)(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
#define KNOWN_RESOLVE                                                                              \
	((uint64_t)(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS |                \
	            RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED))

/* A struct of the user's that may be longer than ours, if what we do not know is 0. */
static long read_how(const void __user *from, uint64_t size, struct open_how *how)
{
	const char __user *rest = (const char __user *)from + sizeof(*how);
	char byte;

	if (size < sizeof(*how))
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (copy_from_user(how, from, sizeof(*how)))
		return -EFAULT;
	for (uint64_t i = 0; i < size - sizeof(*how); i++) {
		if (copy_from_user(&byte, rest + i, 1))
			return -EFAULT;
		if (byte != 0)
			return -E2BIG;
	}
	return 0;
}

static long check_how(const struct open_how *how)
{
	bool makes = how->flags & (O_CREAT | TMPFILE);

	if ((how->flags & ~KNOWN_FLAGS) || (how->resolve & ~KNOWN_RESOLVE) ||
	    (how->mode & ~(makes ? (uint64_t)07777 : 0)))
		return -EINVAL;
	if ((how->resolve & RESOLVE_BENEATH) && (how->resolve & RESOLVE_IN_ROOT))
		return -EINVAL;
	if ((how->flags & O_PATH) && (how->flags & ~PATH_FLAGS))
		return -EINVAL;
	if ((how->flags & O_CREAT) && (how->flags & O_DIRECTORY))
		return -EINVAL;
	/* No path is ever known without its services being asked. */
	return how->resolve & RESOLVE_CACHED ? -EAGAIN : 0;
}

/* The directory that limits count from: one reference. */
static long find_floor(int directory, struct vnode **floor)
{
	struct file *file;
	long error = 0;

	if (directory == AT_FDCWD)
		return path_lookup(NULL, ".", PATH_DIRECTORY, floor);
	file = file_from_descriptor(directory);
	if (!file)
		return -EBADF;
	if (!file->vnode || !S_ISDIR(file->vnode->attr.mode))
		error = -ENOTDIR;
	else
		*floor = vnode_hold(file->vnode);
	file_put(file);
	return error;
}

static long open_within(int directory, const char __user *path, const struct open_how *how,
                        struct file **file)
{
	struct path_limits limits = {.resolve = (uint32_t)how->resolve};
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	long error = path_argument_get(&argument, directory, path, false);

	if (error)
		return error;
	/* Magic links are none here: those of procfs are followed by their text. */
	if (how->resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT))
		error = find_floor(directory, &limits.floor);
	if (!error)
		/* From the directory that was held: another task may give the descriptor away. */
		error = vfs_open_within(limits.floor ? limits.floor : argument.from, argument.path,
		                        (uint32_t)how->flags, (uint32_t)how->mode, &limits, file);
	vnode_put(limits.floor);
	path_argument_put(&argument);
	return error;
}

long sys_openat2(int directory, const char __user *path, const void __user *user_how, uint64_t size)
{
	struct open_how how;
	struct file *file;
	long result = read_how(user_how, size, &how);

	if (!result)
		result = check_how(&how);
	if (!result)
		result = open_within(directory, path, &how, &file);
	if (result)
		return result;
	result = file_install(file, 0, how.flags & O_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result;
}
