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
#include <kernel/mm/user_copy.h>
#include <kernel/proc/futex.h>
#include <kernel/proc/process.h>
#include <kernel/tty/terminal.h>
#include <kernel/vfs/file.h>

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
	signal_reset_handlers(self);
	self->clear_child_tid = 0;
	self->robust_list = 0;
	self->has_execed = true;
	self->exit_signal = SIGCHLD;
	release_vfork_parent(self);
}

/* set_tid_address(2): only who shares the memory could look. */
static void clear_tid(struct process *self)
{
	uint32_t zero = 0;

	if (self->clear_child_tid == 0 || !self->vmspace_borrowed)
		return;
	if (copy_to_user((void __user *)self->clear_child_tid, &zero, sizeof(zero)) == 0)
		futex_wake(self->clear_child_tid, 1);
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

/* The last words. The thread leaves the process before the parent can see, and free, the
 * zombie. Answers whether the caller must free it, because no parent will. */
static bool become_zombie(struct process *self, int status)
{
	struct thread *thread = current_thread();
	bool killed = (status & 0x7f) != 0, unwanted;
	unsigned long flags = spin_lock_irq(&process_table_lock);

	give_children_to_init(self);
	tell_orphaned_group(self, self->parent, self);
	unwanted = parent_wants_no_zombie(self);
	self->state = PROCESS_ZOMBIE;
	self->exit_status = status;
	self->user_ticks = thread->user_ticks;
	self->kernel_ticks = thread->kernel_ticks;
	thread->name = "ended";
	spin_lock(&self->signals.lock);
	self->thread = NULL;
	thread->process = NULL;
	spin_unlock(&self->signals.lock);
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

_Noreturn void process_exit(int status)
{
	struct process *self = current_process();
	struct file_table *files = self->files;

	if (self->id == INIT_ID) {
		log_line("init ended with status 0x%x", (unsigned int)status);
		machine_power_off(status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff);
	}
	timer_cancel(&self->alarm.timer);
	clear_tid(self);
	self->files = NULL;
	file_table_destroy(files);
	if (self->session == self->id)
		terminal_leave_session(self);
	process_set_vmspace(NULL);
	release_vfork_parent(self);
	if (become_zombie(self, status))
		process_free(self);
	thread_exit();
}
