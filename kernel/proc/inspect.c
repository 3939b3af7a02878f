/* SPDX-License-Identifier: MIT */
#include <kernel/proc/inspect.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/vnode.h>
#include <linux/capability.h>

static bool is_in_every_way(const struct id_set *its, uint32_t id)
{
	return its->real == id && its->effective == id && its->saved == id;
}

bool process_may_inspect(const struct process *target)
{
	const struct process *self = current_process();

	if (!self || self == target)
		return true;
	return (!target->credentials.is_hidden &&
	        is_in_every_way(&target->credentials.user, self->credentials.user.filesystem) &&
	        is_in_every_way(&target->credentials.group, self->credentials.group.filesystem)) ||
	       process_is_capable(CAP_SYS_PTRACE);
}

/* With process_table_lock. */
static int find(process_id id, struct process **process)
{
	const struct task *task;

	*process = process_find(id);
	if (!*process) {
		task = task_find(id);
		*process = task ? task->process : NULL;
	}
	if (!*process || (*process)->state == PROCESS_ZOMBIE)
		return -ENOENT;
	return process_may_inspect(*process) ? 0 : -EACCES;
}

int inspect_place(process_id id, enum process_place place, struct vnode **vnode)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct process *process;
	int error = find(id, &process);

	*vnode = NULL;
	if (!error) {
		spin_lock(&process->names);
		*vnode = place == PROCESS_PLACE_CWD ? process->cwd : process->root;
		if (*vnode)
			vnode_hold(*vnode);
		else
			error = -ENOENT;
		spin_unlock(&process->names);
	}
	spin_unlock_irq(&process_table_lock, flags);
	return error;
}

int inspect_descriptor(process_id id, int from, struct file **file)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct process *process;
	int result = find(id, &process);

	if (!result)
		result = process->files ? file_table_next(process->files, from, file) : -ENOENT;
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

int inspect_memory(process_id id, struct vmspace **space)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct process *process;
	int error = find(id, &process);

	if (!error && !process->vmspace)
		error = -ENOENT;
	if (!error)
		*space = vmspace_hold(process->vmspace);
	spin_unlock_irq(&process_table_lock, flags);
	return error;
}
