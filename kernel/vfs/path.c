/* SPDX-License-Identifier: MIT
 *
 * Path resolution (path_resolution(7)): one component at a time, symbolic links
 * by rewriting what is left of the path, ".." by the core's own memory of where a
 * directory lies.
 */
#include <aramid/uninitialized.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/descriptor_link.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/names.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/mount.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/path_split.h>
#include <kernel/vfs/vnode.h>
#include <linux/openat2.h>
#include <linux/stat.h>

#define LINKS_MAX 40u /* as Linux */

/* A walk in progress. */
struct walk {
	struct vnode *at;   /* the directory that it stands in: one reference */
	const char *rest;   /* what is left of the path */
	char *text;         /* heap: the path since the last link, or NULL */
	unsigned int links; /* followed so far */
	const struct path_limits *limits;
};

static bool has_limit(const struct path_limits *limits, uint32_t limit)
{
	return limits && (limits->resolve & limit);
}

int path_limits_link(const struct path_limits *limits)
{
	return has_limit(limits, RESOLVE_NO_SYMLINKS) ? -ELOOP : 0;
}

/* From one directory to another: mounts in between, or on the way to the root. */
static int check_crossing(const struct path_limits *limits, const struct vnode *from,
                          const struct vnode *to)
{
	return has_limit(limits, RESOLVE_NO_XDEV) && !vnode_same_file_system(from, to) ? -EXDEV : 0;
}

static struct vnode *root_within(const struct path_limits *limits)
{
	return has_limit(limits, RESOLVE_IN_ROOT) ? vnode_hold(limits->floor) : path_root();
}

int path_limits_descriptor(const struct path_limits *limits)
{
	if (has_limit(limits, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS))
		return -ELOOP;
	return has_limit(limits, RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_NO_XDEV) ? -EXDEV : 0;
}

int path_limits_jump(const struct path_limits *limits, const struct vnode *from)
{
	struct vnode *root;
	int error;

	if (!limits)
		return 0;
	if (has_limit(limits, RESOLVE_BENEATH))
		return -EXDEV;
	root = root_within(limits);
	error = check_crossing(limits, from, root);
	vnode_put(root);
	return error;
}

static struct vnode *starting_point(struct vnode *from, const char *path,
                                    const struct path_limits *limits)
{
	if (*path == '/')
		return root_within(limits);
	if (from)
		return vnode_hold(from);
	return current_process() ? process_hold_cwd() : path_root();
}

static int walk_begin(struct walk *walk, struct vnode *from, const char *path,
                      const struct path_limits *limits)
{
	*walk = (struct walk){.rest = path, .limits = limits};
	if (*path == '\0')
		return -ENOENT;
	if (strnlen(path, PATH_MAX_BYTES) == PATH_MAX_BYTES)
		return -ENAMETOOLONG;
	if (*path == '/' && has_limit(limits, RESOLVE_BENEATH))
		return -EXDEV;
	walk->at = starting_point(from, path, limits);
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

/* Under the directory's lock: the service is asked. */
static int ask_for_child(struct vnode *directory, const char *name, struct vnode **child)
{
	struct fs_attr attr = {0};
	uint64_t moment = vnode_moment(directory->service);
	long error = fs_lookup(directory->service, directory->object, name, &attr);

	if (error == -ENOENT)
		names_remember(directory, name, NULL, moment);
	if (error < 0)
		return (int)error;
	*child = vnode_get(directory->service, &attr, directory, moment);
	if (!*child)
		return -ENOMEM;
	names_remember(directory, name, *child, moment);
	return 0;
}

/* What decides about rights must not be old, which no change of names changes. */
static int fresh(struct vnode **child)
{
	return (*child)->suspect ? refresh(child) : 0;
}

int path_child(struct vnode *directory, const char *name, struct vnode **child)
{
	int error = 0;

	if (!names_find(directory, name, child))
		error = ask_for_child(directory, name, child);
	else if (!*child)
		error = -ENOENT;
	return error ? error : fresh(child);
}

/* The same without the directory's lock, which who remembers the name need not take. */
static int find_child(struct vnode *directory, const char *name, struct vnode **child)
{
	int error;

	if (names_find(directory, name, child))
		return *child ? fresh(child) : -ENOENT;
	mutex_lock(&directory->lock);
	error = path_child(directory, name, child);
	mutex_unlock(&directory->lock);
	return error;
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

/* Whether the way up from a directory comes by another one. */
static bool lies_below(struct vnode *directory, const struct vnode *floor)
{
	struct vnode *at = vnode_hold(directory), *up;
	bool below;

	while (at != floor) {
		up = parent_of(at);
		vnode_put(at);
		if (up == at)
			break; /* the root */
		at = up;
	}
	below = at == floor;
	vnode_put(at);
	return below;
}

/* "..", which leads no higher than a floor: not either where the directory was moved away from
 * below it meanwhile (-EAGAIN). */
static int step_up(struct vnode *directory, const struct path_limits *limits, struct vnode **result)
{
	bool at_floor = limits && limits->floor == directory;

	if (at_floor && has_limit(limits, RESOLVE_BENEATH))
		return -EXDEV;
	*result = at_floor && has_limit(limits, RESOLVE_IN_ROOT) ? vnode_hold(directory)
	                                                         : parent_of(directory);
	if (!at_floor && has_limit(limits, RESOLVE_BENEATH | RESOLVE_IN_ROOT) &&
	    !lies_below(*result, limits->floor)) {
		vnode_put(*result);
		return -EAGAIN;
	}
	return 0;
}

/* From a directory to what a name in it stands for, mounts crossed: one reference. */
static int step(struct vnode *directory, const char *name, const struct path_limits *limits,
                struct vnode **result)
{
	struct vnode *child, *mounted;
	int error = may_search(directory);

	if (error)
		return error;
	if (name[0] == '.' && name[1] == '\0') {
		*result = vnode_hold(directory);
		return 0;
	}
	if (name[0] == '.' && name[1] == '.' && name[2] == '\0')
		return step_up(directory, limits, result);
	error = find_child(directory, name, &child);
	if (error)
		return error;
	while ((mounted = mount_on(child)) != NULL) {
		vnode_put(child);
		child = mounted;
	}
	*result = child;
	return 0;
}

/* The walk stands at a link's absolute target. */
static int go_to_root(struct walk *walk)
{
	int error = path_limits_jump(walk->limits, walk->at);

	if (error)
		return error;
	vnode_put(walk->at);
	walk->at = root_within(walk->limits);
	return 0;
}

/* The path goes on with the link's target, then with what was left. Takes over the reference. */
static int follow(struct walk *walk, struct vnode *link)
{
	char *text;
	long length;

	if (++walk->links > LINKS_MAX || path_limits_link(walk->limits)) {
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
	return *text == '/' ? go_to_root(walk) : 0;
}

/* Take one component. 1: the walk's end is in *found; 0: go on; or negative errno. */
static int advance(struct walk *walk, const struct path_component *component, unsigned int flags,
                   struct vnode **found)
{
	struct vnode *child;
	int error = step(walk->at, component->name, walk->limits, &child);

	if (error)
		return error;
	error = check_crossing(walk->limits, walk->at, child);
	if (error) {
		vnode_put(child);
		return error;
	}
	if (S_ISLNK(child->attr.mode) &&
	    (!component->last || component->trailing_slash || !(flags & PATH_NOFOLLOW))) {
		if (!is_descriptor_link(child))
			return follow(walk, child);
		error = path_limits_descriptor(walk->limits);
		if (error)
			vnode_put(child);
		else if (!component->last || component->trailing_slash ||
		         !(flags & PATH_KEEP_DESCRIPTOR))
			error = descriptor_link_follow(&child);
		if (error)
			return error;
	}
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

int path_lookup_within(struct vnode *from, const char *path, unsigned int flags,
                       const struct path_limits *limits, struct vnode **vnode)
{
	struct path_component component LEFT_UNINITIALIZED(
	        "path_next_component writes up to the NUL, or nothing is read");
	struct walk walk;
	int error = walk_begin(&walk, from, path, limits);

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

int path_lookup(struct vnode *from, const char *path, unsigned int flags, struct vnode **vnode)
{
	return path_lookup_within(from, path, flags, NULL, vnode);
}

int path_parent(struct vnode *from, const char *path, struct path_last *last)
{
	return path_parent_within(from, path, NULL, last);
}

int path_parent_within(struct vnode *from, const char *path, const struct path_limits *limits,
                       struct path_last *last)
{
	struct path_component component LEFT_UNINITIALIZED(
	        "path_next_component writes up to the NUL, or nothing is read");
	struct vnode *found;
	struct walk walk;
	int error = walk_begin(&walk, from, path, limits);

	last->directory = NULL;
	last->name[0] = '\0';
	last->trailing_slash = false;
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
