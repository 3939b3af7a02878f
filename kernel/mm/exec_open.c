/* SPDX-License-Identifier: MIT */
#include <kernel/mm/exec_open.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

#define LINKS_MAX 40 /* as path_resolution(7) */

/* "DIRECTORY/NAME" of a file that was found; empty when the directory's name is not to be had. */
static void describe(struct exec_target *target, const struct path_last *last)
{
	long length = path_of_directory(last->directory, target->path, sizeof(target->path));

	if (length < 0) {
		target->path[0] = '\0';
		return;
	}
	if (length == 1)
		length = 0; /* the root's own slash */
	format(target->path + length, sizeof(target->path) - (uint64_t)length, "/%s", last->name);
}

/* One step: the file itself (0), or a link whose text now stands in link and is to be followed
 * from last->directory (1). */
static int look_up(struct vnode *from, const char *path, struct path_last *last, char *link,
                   struct exec_target *target)
{
	long length;
	int error = path_parent(from, path, last);

	if (error != 0)
		return error;
	if (last->name[0] == '\0' || last->trailing_slash) {
		vnode_put(last->directory);
		return last->name[0] == '\0' ? -EACCES : -ENOTDIR;
	}
	error = path_lookup(last->directory, last->name, PATH_NOFOLLOW, &target->vnode);
	if (error == 0 && S_ISLNK(target->vnode->attr.mode)) {
		length = vfs_readlink(target->vnode, link, PATH_MAX_BYTES - 1);
		vnode_put(target->vnode);
		target->vnode = NULL;
		error = length < 0 ? (int)length : 1;
		if (length >= 0)
			link[length] = '\0';
	}
	if (error < 0)
		vnode_put(last->directory);
	return error;
}

static int find(const char *path, char *link, struct exec_target *target)
{
	struct vnode *from = NULL;
	struct path_last last;

	for (unsigned int links = 0; links <= LINKS_MAX; links++) {
		int step = look_up(from, path, &last, link, target);

		vnode_put(from);
		if (step < 0)
			return step;
		if (step == 0) {
			describe(target, &last);
			vnode_put(last.directory);
			return 0;
		}
		from = last.directory;
		path = link;
	}
	vnode_put(from);
	return -ELOOP;
}

int exec_open(const char *path, struct exec_target *target)
{
	char *link = heap_alloc(&core_heap, PATH_MAX_BYTES);
	int error;

	target->vnode = NULL;
	if (link == NULL)
		return -ENOMEM;
	error = find(path, link, target);
	heap_free(&core_heap, link);
	if (error != 0)
		return error;
	error = vnode_stat(target->vnode, &target->attr);
	if (error == 0 && !S_ISREG(target->attr.mode))
		error = -EACCES;
	if (error == 0)
		error = vnode_permission(target->vnode, MAY_EXEC);
	if (error != 0) {
		vnode_put(target->vnode);
		target->vnode = NULL;
	}
	return error;
}
