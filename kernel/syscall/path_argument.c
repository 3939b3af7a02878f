/* SPDX-License-Identifier: MIT */
#include <aramid/uninitialized.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>

/* Most paths are short, and a page of the heap is expensive. */
static int copy_path(struct path_argument *argument, const char __user *path, bool allow_empty)
{
	long length = copy_string_from_user(argument->small, path, sizeof(argument->small));

	argument->large = NULL;
	argument->path = argument->small;
	if (length == -ENAMETOOLONG) {
		argument->large = heap_alloc(&core_heap, PATH_MAX_BYTES);
		if (!argument->large)
			return -ENOMEM;
		argument->path = argument->large;
		length = copy_string_from_user(argument->large, path, PATH_MAX_BYTES);
	}
	if (length < 0)
		return (int)length;
	return length == 0 && !allow_empty ? -ENOENT : 0;
}

static int find_directory(struct path_argument *argument, int directory)
{
	argument->directory = NULL;
	argument->from = NULL;
	if (directory == AT_FDCWD || argument->path[0] == '/')
		return 0;
	argument->directory = file_from_descriptor(directory);
	if (!argument->directory)
		return -EBADF;
	argument->from = argument->directory->vnode;
	if (argument->path[0] == '\0')
		return 0;
	return argument->from && S_ISDIR(argument->from->attr.mode) ? 0 : -ENOTDIR;
}

int path_argument_get(struct path_argument *argument, int directory, const char __user *path,
                      bool allow_empty)
{
	int error;

	argument->directory = NULL;
	error = copy_path(argument, path, allow_empty);
	if (!error)
		error = find_directory(argument, directory);
	if (error)
		path_argument_put(argument);
	return error;
}

void path_argument_put(struct path_argument *argument)
{
	if (argument->directory)
		file_put(argument->directory);
	heap_free(&core_heap, argument->large);
}

int path_argument_lookup(int directory, const char __user *path, uint32_t flags,
                         struct vnode **vnode)
{
	return path_argument_find(directory, path, flags, 0, vnode);
}

int path_argument_find(int directory, const char __user *path, uint32_t flags, unsigned int how,
                       struct vnode **vnode)
{
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	int error = path_argument_get(&argument, directory, path, flags & AT_EMPTY_PATH);

	if (error)
		return error;
	if (argument.path[0] != '\0')
		error = path_lookup(argument.from, argument.path,
		                    how | (flags & AT_SYMLINK_NOFOLLOW ? PATH_NOFOLLOW : 0), vnode);
	else if (directory == AT_FDCWD)
		*vnode = process_hold_cwd();
	else if (argument.from)
		*vnode = vnode_hold(argument.from);
	else
		error = -EINVAL; /* a pipe has no name */
	path_argument_put(&argument);
	return error;
}
