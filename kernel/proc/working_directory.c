/* SPDX-License-Identifier: MIT
 *
 * Where a process's paths begin: its working directory and its root (path_resolution(7)). Tasks
 * may look while one of them changes it.
 */
#include <aramid/uninitialized.h>
#include <kernel/lib/string.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/path_split.h>
#include <kernel/vfs/vnode.h>

static struct vnode *hold(struct vnode *const *place)
{
	struct process *self = current_process();
	struct vnode *vnode;

	spin_lock(&self->names);
	vnode = *place ? vnode_hold(*place) : NULL;
	spin_unlock(&self->names);
	return vnode;
}

static void change(struct vnode **place, struct vnode *directory)
{
	struct process *self = current_process();
	struct vnode *old;

	spin_lock(&self->names);
	old = *place;
	*place = directory;
	spin_unlock(&self->names);
	vnode_put(old);
}

struct vnode *process_hold_cwd(void)
{
	return hold(&current_process()->cwd);
}

struct vnode *process_hold_root(void)
{
	return hold(&current_process()->root);
}

void process_change_cwd(struct vnode *directory)
{
	change(&current_process()->cwd, directory);
}

void process_change_root(struct vnode *directory)
{
	change(&current_process()->root, directory);
}

/* Take the last component away. */
static size_t go_up(const char *path, size_t length)
{
	while (length > 0 && path[--length] != '/')
		;
	return length;
}

/* Append one: false when there is no room. */
static bool go_down(char *path, size_t size, size_t *length, const char *name)
{
	size_t more = strlen(name);

	if (*length + 1 + more >= size)
		return false;
	path[*length] = '/';
	memcpy(path + *length + 1, name, more);
	*length += 1 + more;
	return true;
}

void process_note_cwd(const char *path)
{
	struct process *self = current_process();
	struct path_component component LEFT_UNINITIALIZED("path_next_component fills it");
	char result[sizeof(self->cwd_path)];
	size_t length = 0;
	bool known = *path == '/' || (*path != '\0' && self->cwd_path[0] != '\0');

	if (*path != '/' && known && self->cwd_path[1] != '\0')
		length = string_copy(result, self->cwd_path, sizeof(result));
	while (known && path_next_component(&path, &component) > 0) {
		if (strcmp(component.name, "..") == 0)
			length = go_up(result, length);
		else if (strcmp(component.name, ".") != 0)
			known = go_down(result, sizeof(result), &length, component.name);
	}
	if (length == 0)
		result[length++] = '/';
	result[known ? length : 0] = '\0';
	string_copy(self->cwd_path, result, sizeof(self->cwd_path));
}
