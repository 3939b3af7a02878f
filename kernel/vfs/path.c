/* SPDX-License-Identifier: MIT
 *
 * Path resolution (path_resolution(7)): one component at a time, symbolic links
 * by rewriting what is left of the path, ".." by the core's own memory of where a
 * directory lies.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/path_split.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

#define LINKS_MAX 40u /* as Linux */

/* A walk in progress. */
struct walk {
	struct vnode *at;   /* the directory that it stands in: one reference */
	const char *rest;   /* what is left of the path */
	char *text;         /* heap: the path since the last link, or NULL */
	unsigned int links; /* followed so far */
};

static struct vnode *starting_point(struct vnode *from, const char *path)
{
	if (*path == '/')
		return path_root();
	if (from)
		return vnode_hold(from);
	return current_process() ? process_hold_cwd() : path_root();
}

static int walk_begin(struct walk *walk, struct vnode *from, const char *path)
{
	*walk = (struct walk){.rest = path};
	if (*path == '\0')
		return -ENOENT;
	if (strnlen(path, PATH_MAX_BYTES) == PATH_MAX_BYTES)
		return -ENAMETOOLONG;
	walk->at = starting_point(from, path);
	return walk->at ? 0 : -ENOENT;
}

static void walk_end(struct walk *walk)
{
	vnode_put(walk->at);
	heap_free(&core_heap, walk->text);
}

/* Ask the service again; the reference is given up when it fails. */
static int refresh(struct vnode **vnode)
{
	struct fs_attr attr;
	int error = vnode_stat(*vnode, &attr);

	if (error)
		vnode_put(*vnode);
	return error;
}

int path_child(struct vnode *directory, const char *name, struct vnode **child)
{
	struct fs_attr attr = {0};
	uint64_t moment = vnode_moment();
	long error = fs_lookup(directory->service, directory->object, name, &attr);

	if (error < 0)
		return (int)error;
	*child = vnode_get(directory->service, &attr, directory, moment);
	if (!*child)
		return -ENOMEM;
	/* What decides about rights must not be old either. */
	return (*child)->stale ? refresh(child) : 0;
}

static struct vnode *parent_of(struct vnode *directory)
{
	struct vnode *root = path_root();
	struct vnode *parent = root == directory ? vnode_hold(directory) : vnode_parent(directory);

	vnode_put(root);
	return parent;
}

static int may_search(struct vnode *directory)
{
	if (!S_ISDIR(directory->attr.mode))
		return -ENOTDIR;
	return vnode_permission(directory, MAY_EXEC);
}

/* From a directory to what a name in it stands for, mounts crossed: one reference. */
static int step(struct vnode *directory, const char *name, struct vnode **result)
{
	struct vnode *child, *mounted;
	int error = may_search(directory);

	if (error)
		return error;
	if (name[0] == '.' && name[1] == '\0') {
		*result = vnode_hold(directory);
		return 0;
	}
	if (name[0] == '.' && name[1] == '.' && name[2] == '\0') {
		*result = parent_of(directory);
		return 0;
	}
	mutex_lock(&directory->lock);
	error = path_child(directory, name, &child);
	mutex_unlock(&directory->lock);
	if (error)
		return error;
	while ((mounted = mount_on(child)) != NULL) {
		vnode_put(child);
		child = mounted;
	}
	*result = child;
	return 0;
}

/* The path goes on with the link's target, then with what was left. Takes over the reference. */
static int follow(struct walk *walk, struct vnode *link)
{
	char *text;
	long length;

	if (++walk->links > LINKS_MAX) {
		vnode_put(link);
		return -ELOOP;
	}
	text = heap_alloc(&core_heap, PATH_MAX_BYTES);
	if (!text) {
		vnode_put(link);
		return -ENOMEM;
	}
	length = vfs_readlink(link, text, PATH_MAX_BYTES - 1);
	vnode_put(link);
	if (length == 0)
		length = -ENOENT;
	if (length > 0 && (size_t)length + strlen(walk->rest) >= PATH_MAX_BYTES)
		length = -ENAMETOOLONG;
	if (length < 0) {
		heap_free(&core_heap, text);
		return (int)length;
	}
	string_copy(text + length, walk->rest, PATH_MAX_BYTES - (size_t)length);
	heap_free(&core_heap, walk->text);
	walk->text = text;
	walk->rest = text;
	if (*text == '/') {
		vnode_put(walk->at);
		walk->at = path_root();
	}
	return 0;
}

/* Take one component. 1: the walk's end is in *found; 0: go on; or negative errno. */
static int advance(struct walk *walk, const struct path_component *component, unsigned int flags,
                   struct vnode **found)
{
	struct vnode *child;
	int error = step(walk->at, component->name, &child);

	if (error)
		return error;
	if (S_ISLNK(child->attr.mode) &&
	    (!component->last || component->trailing_slash || !(flags & PATH_NOFOLLOW)))
		return follow(walk, child);
	if (component->trailing_slash && !S_ISDIR(child->attr.mode)) {
		vnode_put(child);
		return -ENOTDIR;
	}
	if (component->last) {
		*found = child;
		return 1;
	}
	vnode_put(walk->at);
	walk->at = child;
	return 0;
}

int path_lookup(struct vnode *from, const char *path, unsigned int flags, struct vnode **vnode)
{
	struct path_component component;
	struct walk walk;
	int error = walk_begin(&walk, from, path);

	while (!error) {
		error = path_next_component(&walk.rest, &component);
		if (error < 0)
			break;
		if (error == 0) { /* "/", or a link's target ended in a directory */
			*vnode = vnode_hold(walk.at);
			error = 1;
			break;
		}
		error = advance(&walk, &component, flags, vnode);
	}
	walk_end(&walk);
	if (error == 1 && (flags & PATH_DIRECTORY) && !S_ISDIR((*vnode)->attr.mode)) {
		vnode_put(*vnode);
		return -ENOTDIR;
	}
	return error < 0 ? error : 0;
}

int path_parent(struct vnode *from, const char *path, struct path_last *last)
{
	struct path_component component;
	struct vnode *found;
	struct walk walk;
	int error = walk_begin(&walk, from, path);

	*last = (struct path_last){0};
	while (!error) {
		error = path_next_component(&walk.rest, &component);
		if (error < 0)
			break;
		if (error == 0)
			component.name[0] = '\0';
		if (error == 0 || component.last) {
			error = may_search(walk.at);
			break;
		}
		error = advance(&walk, &component, 0, &found);
	}
	if (!error) {
		last->directory = vnode_hold(walk.at);
		last->trailing_slash = component.name[0] && component.trailing_slash;
		string_copy(last->name, component.name, sizeof(last->name));
	}
	walk_end(&walk);
	return error;
}
