/* SPDX-License-Identifier: MIT
 *
 * The end of a process, and what it leaves to others: orphans to pid 1, a
 * status to its parent, a terminal to nobody (exit(3), credentials(7)).
 */
#include <asm/siginfo.h>
#include <asm/signal.h>

#include <arch/machine.h>
#include <kernel/lib/errno.h>
#include <kernel/log/log.h>
#include <kernel/proc/futex.h>
#include <kernel/proc/out_of_memory.h>
#include <kernel/proc/posix_timer.h>
#include <kernel/proc/process.h>
#include <kernel/tty/terminal.h>
#include <kernel/vfs/disk_mount.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/pidfd.h>

#define INIT_ID 1

/* Let a parent in vfork(2) go on. */
static void release_vfork_parent(struct process *self)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct vfork_wait *wait = self->vfork;

	if (wait) {
		self->vfork = NULL;
		__atomic_store_n(&wait->released, true, __ATOMIC_RELEASE);
		wake_all(&wait->queue);
	}
	spin_unlock_irq(&process_table_lock, flags);
}

void process_after_exec(void)
{
	struct process *self = current_process();

	file_table_close_on_exec(self->files);
	signal_reset_handlers();
	posix_timers_delete(self);
	self->has_execed = true;
	self->exit_signal = SIGCHLD;
	release_vfork_parent(self);
}

static bool group_has_stopped(process_id group)
{
	const struct process *process;

	for (process = process_next(NULL); process; process = process_next(process))
		if (process->group == group && process->state == PROCESS_STOPPED)
			return true;
	return false;
}

/* The end of one process may leave a group without anyone who could continue its stopped
 * members (POSIX, _Exit): they are told. ended leaves, parent is whom the group loses. */
static void tell_orphaned_group(const struct process *member, const struct process *parent,
                                const struct process *ended)
{
	process_id group = member->group;
	struct process *process;

	if (!parent || parent->group == group || parent->session != member->session)
		return;
	if (!process_group_is_orphaned(group, ended) || !group_has_stopped(group))
		return;
	for (process = process_next(NULL); process; process = process_next(process)) {
		if (process->group != group)
			continue;
		signal_send_held(process, SIGHUP, NULL);
		signal_send_held(process, SIGCONT, NULL);
	}
}

static void give_children_to_init(struct process *self)
{
	struct process *init = process_find(INIT_ID), *child;
	struct list *link, *scratch;

	list_for_each(link, scratch, &self->children)
	{
		child = list_entry(link, struct process, sibling);
		list_remove(&child->sibling);
		child->parent = init;
		child->exit_signal = SIGCHLD;
		list_add_tail(&init->children, &child->sibling);
		if (child->state == PROCESS_ZOMBIE)
			process_notify_parent(child, CLD_EXITED, 0);
		else
			tell_orphaned_group(child, self, NULL);
	}
}

/* A parent that ignores SIGCHLD wants no zombies (wait(2), NOTES). */
static bool parent_wants_no_zombie(struct process *self)
{
	struct signal_action action;

	if (self->exit_signal != SIGCHLD)
		return false;
	spin_lock(&self->parent->signals.lock);
	action = self->parent->signals.actions[SIGCHLD - 1];
	spin_unlock(&self->parent->signals.lock);
	return action.handler == (uint64_t)SIG_IGN || (action.flags & SA_NOCLDWAIT);
}

/* The last words. The task leaves the process before the parent can see, and free, the
 * zombie. Answers whether the caller must free it, because no parent will. */
static bool become_zombie(struct process *self)
{
	int status = self->exit_status;
	bool killed = (status & 0x7f) != 0, unwanted;
	unsigned long flags = spin_lock_irq(&process_table_lock);

	give_children_to_init(self);
	tell_orphaned_group(self, self->parent, self);
	unwanted = parent_wants_no_zombie(self);
	self->state = PROCESS_ZOMBIE;
	pidfds_ended(self);
	task_detach();
	if (self->exit_signal)
		process_notify_parent(self, killed ? CLD_KILLED : CLD_EXITED,
		                      killed ? status & 0x7f : status >> 8);
	if (unwanted)
		process_unlink(self);
	/* A parent in wait4 finds its last child gone either way. */
	wake_all(&self->parent->child_event);
	spin_unlock_irq(&process_table_lock, flags);
	return unwanted;
}

/* Who weighs processes reads their files under the lock (out_of_memory.c). */
static void drop_files(struct process *self)
{
	struct file_table *files = self->files;
	unsigned long flags = spin_lock_irq(&process_table_lock);

	self->files = NULL;
	spin_unlock_irq(&process_table_lock, flags);
	file_table_destroy(files);
}

/* The last task ends its process. */
static void end_process(struct process *self)
{
	if (self->id == INIT_ID) {
		int status = self->exit_status;

		log_line("init ended with status 0x%x", (unsigned int)status);
		/* Nobody is left to unmount anything. */
		disk_mounts_end();
		machine_power_off(status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff);
	}
	process_timers_end(self);
	resource_limits_end(self);
	/* Memory first: whoever waits for it may hold what the end of a file waits for. */
	process_set_vmspace(NULL);
	drop_files(self);
	if (self->session == self->id)
		terminal_leave_session(self);
	release_vfork_parent(self);
	if (become_zombie(self))
		process_free(self);
	out_of_memory_ended();
}

/* With process_table_lock: whether the caller is the last task of its process. If not it leaves,
 * and the process goes on; a lone first task's status is the process's. */
static bool leave_process(struct process *self, struct task *task, int status)
{
	if (!self->ending && task->id == self->id)
		self->exit_status = status;
	if (self->task_count == 1)
		return true;
	task_detach();
	wake_all(&self->task_ended);
	return false;
}

_Noreturn void task_exit(int status)
{
	struct task *task = current_task();
	struct process *self = task->process;
	unsigned long flags;
	bool last;

	futex_task_ends(task);
	flags = spin_lock_irq(&process_table_lock);
	last = leave_process(self, task, status);
	spin_unlock_irq(&process_table_lock, flags);
	if (last)
		end_process(self);
	task_free(task);
	thread_exit();
}

_Noreturn void process_exit(int status)
{
	struct process *self = current_process();
	unsigned long flags = spin_lock_irq(&process_table_lock);

	if (!self->ending) {
		self->ending = true;
		self->exit_status = status;
		self->stop_unreported = false;
		spin_lock(&self->signals.lock);
		task_call_others(self, current_task());
		spin_unlock(&self->signals.lock);
	}
	spin_unlock_irq(&process_table_lock, flags);
	task_exit(status);
}
