/* SPDX-License-Identifier: MIT
 *
 * Process groups, sessions, and stopping (setpgid(2), setsid(2), signal(7)).
 */
#include <asm/siginfo.h>
#include <asm/signal.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>

#define INIT_ID 1

bool process_group_is_orphaned(process_id group, const struct process *ignored)
{
	const struct process *process, *parent;

	for (process = process_next(NULL); process; process = process_next(process)) {
		if (process->group != group || process == ignored ||
		    process->state == PROCESS_ZOMBIE)
			continue;
		parent = process->parent;
		if (parent && parent->id != INIT_ID && parent->group != group &&
		    parent->session == process->session)
			return false;
	}
	return true;
}

static bool group_exists(process_id group, process_id session)
{
	const struct process *process;

	for (process = process_next(NULL); process; process = process_next(process))
		if (process->group == group && process->session == session)
			return true;
	return false;
}

static long set_group_held(struct process *self, process_id which, process_id group)
{
	struct process *process = which == 0 ? self : process_find(which);

	if (group < 0)
		return -EINVAL;
	if (!process || (process != self && process->parent != self) ||
	    process->state == PROCESS_ZOMBIE)
		return -ESRCH;
	if (process != self && process->has_execed)
		return -EACCES;
	if (process->session != self->session || process->session == process->id)
		return -EPERM;
	if (group == 0)
		group = process->id;
	if (group != process->id && !group_exists(group, self->session))
		return -EPERM;
	process->group = group;
	return 0;
}

long process_set_group(process_id which, process_id group)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	long result = set_group_held(current_process(), which, group);

	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

long process_new_session(void)
{
	struct process *self = current_process();
	const struct process *process;
	unsigned long flags = spin_lock_irq(&process_table_lock);
	long result = self->id;

	for (process = process_next(NULL); process; process = process_next(process))
		if (process->group == self->id)
			result = -EPERM;
	if (result > 0) {
		self->group = self->session = self->id;
		self->terminal = NULL;
	}
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

long process_group_of(process_id which)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct process *process = which == 0 ? current_process() : process_find(which);
	long result = process ? process->group : -ESRCH;

	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

long process_session_of(process_id which)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct process *process = which == 0 ? current_process() : process_find(which);
	long result = process ? process->session : -ESRCH;

	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

/* Whether a signal that undoes the stop came since the stop signal was taken. */
static bool stop_is_void(struct process *self)
{
	bool is_void;

	spin_lock(&self->signals.lock);
	is_void = !self->signals.stop_taken;
	self->signals.stop_taken = false;
	spin_unlock(&self->signals.lock);
	return is_void;
}

void process_stop(int number)
{
	struct process *self = current_process();
	struct task *task;
	unsigned long flags = spin_lock_irq(&process_table_lock);

	/* The terminal's stops mean nothing where no shell could continue the job. */
	if (stop_is_void(self) || self->ending ||
	    (number != SIGSTOP && process_group_is_orphaned(self->group, NULL))) {
		spin_unlock_irq(&process_table_lock, flags);
		return;
	}
	self->state = PROCESS_STOPPED;
	self->stop_signal = number;
	self->stop_unreported = true;
	self->continue_unreported = false;
	process_notify_parent(self, CLD_STOPPED, number);
	task_for_each(task, self)
	{
		if (task != current_task())
			thread_interrupt(task->thread);
	}
	spin_unlock_irq(&process_table_lock, flags);
	task_heed_process();
}
