/* SPDX-License-Identifier: MIT */
#include <asm/fcntl.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/vfs/descriptor_link.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/open_vnode.h>
#include <kernel/vfs/pipe.h>

int descriptor_link_follow(struct vnode **link)
{
	struct file *file = file_from_descriptor((int)(*link)->attr.device);
	int error = file ? 0 : -ENOENT;

	if (!error && !file->vnode)
		error = -ENXIO;
	vnode_put(*link);
	*link = error ? NULL : vnode_hold(file->vnode);
	file_put(file);
	return error;
}

int descriptor_link_open(const struct vnode *link, uint32_t flags, struct file **result)
{
	struct file *file = file_from_descriptor((int)link->attr.device);
	int error;

	if (!file)
		return -ENOENT;
	if (!file->vnode) {
		error = pipe_reopen(file, flags, result);
	} else {
		error = open_vnode(vnode_hold(file->vnode), flags, result);
		if (!error)
			string_copy((*result)->path, file->path, sizeof((*result)->path));
		else
			vnode_put(file->vnode);
	}
	file_put(file);
	return error;
}

static void describe(struct file *file, struct descriptor_info *info)
{
	struct fs_attr attr = {0};
	bool reads = (file->flags & O_ACCMODE) != O_WRONLY;
	bool writes = (file->flags & O_ACCMODE) != O_RDONLY;

	info->mode = (reads ? 0500 : 0) | (writes ? 0300 : 0);
	if (file->path[0])
		string_copy(info->target, file->path, sizeof(info->target));
	else if (file_stat(file, &attr) == 0)
		format(info->target, sizeof(info->target), "%s:[%lu]", file->ops->kind,
		       attr.object);
	else
		format(info->target, sizeof(info->target), "anon_inode:[%s]", file->ops->kind);
}

int descriptor_describe(int from, struct descriptor_info *info)
{
	for (int descriptor = from < 0 ? 0 : from; descriptor < FILE_TABLE_SIZE; descriptor++) {
		struct file *file = file_from_descriptor(descriptor);

		if (!file)
			continue;
		describe(file, info);
		file_put(file);
		return descriptor;
	}
	return -ENOENT;
}
