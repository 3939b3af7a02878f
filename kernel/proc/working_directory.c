/* SPDX-License-Identifier: MIT
 *
 * Where a process's paths begin: its working directory and its root (path_resolution(7)). Tasks
 * may look while one of them changes it.
 */
#include <kernel/proc/process.h>
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
