/* SPDX-License-Identifier: MIT */
#include <asm/fcntl.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/inspect.h>
#include <kernel/vfs/descriptor_link.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/open_vnode.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/pipe.h>

/* What a link leads to: a file, or a directory, which is another reference. */
static int hold_target(const struct vnode *link, struct file **file, struct vnode **directory)
{
	process_id process = (process_id)(link->attr.device >> FS_ATTR_LINK_BITS);
	int which = link->attr.device & ((1u << FS_ATTR_LINK_BITS) - 1), found;

	*file = NULL;
	*directory = NULL;
	if (link->attr.flags & FS_ATTR_PLACE)
		return inspect_place(process, (enum process_place)which, directory);
	found = inspect_descriptor(process, which, file);
	if (found == which)
		return 0;
	file_put(*file);
	return found < 0 ? found : -ENOENT;
}

int descriptor_link_follow(struct vnode **link)
{
	struct file *file;
	struct vnode *target;
	int error = hold_target(*link, &file, &target);

	vnode_put(*link);
	*link = NULL;
	if (error)
		return error;
	if (file && file->vnode)
		target = vnode_hold(file->vnode);
	file_put(file);
	*link = target;
	return target ? 0 : -ENXIO;
}

/* Takes over the reference to the vnode. */
static int open_target(struct vnode *vnode, uint32_t flags, const char *path, struct file **result)
{
	int error = open_vnode(vnode, flags, result);

	if (error)
		vnode_put(vnode);
	else
		string_copy((*result)->path, path, sizeof((*result)->path));
	return error;
}

int descriptor_link_open(const struct vnode *link, uint32_t flags, struct file **result)
{
	struct file *file;
	struct vnode *directory;
	int error = hold_target(link, &file, &directory);

	if (error)
		return error;
	if (directory)
		error = open_target(directory, flags, "", result);
	else if (file->vnode)
		error = open_target(vnode_hold(file->vnode), flags, file->path, result);
	else
		error = pipe_reopen(file, flags, result);
	file_put(file);
	return error;
}

int descriptor_link_stat(const struct vnode *link, struct fs_attr *attr, struct vnode **vnode)
{
	struct file *file;
	int error = hold_target(link, &file, vnode);

	if (error)
		return error;
	error = file ? file_stat(file, attr) : vnode_stat(*vnode, attr);
	if (!error && file && file->vnode)
		*vnode = vnode_hold(file->vnode);
	if (error)
		vnode_put(*vnode);
	file_put(file);
	return error;
}

long place_link_read(const struct vnode *link, char *buffer, uint64_t size)
{
	struct file *file;
	struct vnode *directory;
	char *path;
	long length = hold_target(link, &file, &directory);

	if (length)
		return length;
	path = heap_alloc(&core_heap, PATH_MAX_BYTES);
	length = path ? path_of_directory(directory, path, PATH_MAX_BYTES) : -ENOMEM;
	vnode_put(directory);
	if (length > (long)size)
		length = (long)size;
	if (length > 0)
		memcpy(buffer, path, (size_t)length);
	heap_free(&core_heap, path);
	return length;
}

static bool has_lost_its_name(const struct file *file)
{
	struct fs_attr attr;

	return file->vnode && file->vnode->unlinked && !file->vnode->nameless &&
	       vnode_stat(file->vnode, &attr) == 0 && attr.links == 0;
}

static void describe(struct file *file, struct descriptor_info *info)
{
	struct fs_attr attr = {0};
	bool reads = (file->flags & O_ACCMODE) != O_WRONLY;
	bool writes = (file->flags & O_ACCMODE) != O_RDONLY;

	info->mode = (reads ? 0500 : 0) | (writes ? 0300 : 0);
	if (file->path[0])
		format(info->target, sizeof(info->target), "%s%s", file->path,
		       has_lost_its_name(file) ? " (deleted)" : "");
	else if (file_stat(file, &attr) == 0)
		format(info->target, sizeof(info->target), "%s:[%lu]", file->ops->kind,
		       attr.object);
	else
		format(info->target, sizeof(info->target), "anon_inode:[%s]", file->ops->kind);
}

int descriptor_describe(int process, int from, struct descriptor_info *info)
{
	struct file *file = NULL;
	int descriptor = inspect_descriptor(process, from, &file);

	if (descriptor < 0)
		return descriptor;
	describe(file, info);
	file_put(file);
	return descriptor;
}
