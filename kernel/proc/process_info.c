/* SPDX-License-Identifier: MIT
 *
 * Snapshots of processes for /proc.
 */
#include <asm/signal.h>

#include <kernel/lib/string.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/inspect.h>
#include <kernel/proc/process.h>
#include <kernel/proc/process_info.h>
#include <kernel/tty/terminal.h>

_Static_assert(sizeof(struct resource_limit) == sizeof(struct resource_limit_info) &&
                       PROCESS_INFO_LIMITS == RESOURCES,
               "limits are copied as they are");

#define USER_HZ 100 /* of the ticks that times(2) and /proc show */

uint64_t process_user_hz(uint64_t ticks)
{
	return ticks * USER_HZ / TICK_HZ;
}

/* A thread that sleeps without heeding signals is in state D. */
static char letter_of(const struct task *task)
{
	if (task->process->state == PROCESS_STOPPED)
		return 'T';
	if (task->thread->state != THREAD_SLEEPING)
		return 'R';
	return task->thread->interruptible ? 'S' : 'D';
}

/* The letter of proc(5): R where any task runs. */
static char state_letter(const struct process *process)
{
	const struct task *task;
	char letter = 'R';

	if (process->state == PROCESS_ZOMBIE)
		return 'Z';
	if (process->state == PROCESS_STOPPED)
		return 'T';
	task_for_each(task, process)
	{
		letter = letter_of(task);
		if (letter == 'R')
			break;
	}
	return letter;
}

static void fill_ids(uint32_t to[4], const struct id_set *ids)
{
	to[0] = ids->real;
	to[1] = ids->effective;
	to[2] = ids->saved;
	to[3] = ids->filesystem;
}

static void fill_credentials(struct process *process, struct process_info *info)
{
	const struct credentials *from = &process->credentials;
	struct group_list *groups = credentials_hold_groups(process);

	fill_ids(info->users, &from->user);
	fill_ids(info->groups, &from->group);
	info->effective = from->capabilities.effective;
	info->permitted = from->capabilities.permitted;
	info->inheritable = from->capabilities.inheritable;
	info->no_new_privileges = from->no_new_privileges;
	if (groups) {
		info->supplementary_count =
		        groups->count < PROCESS_INFO_GROUPS ? groups->count : PROCESS_INFO_GROUPS;
		memcpy(info->supplementary, groups->ids,
		       info->supplementary_count * sizeof(groups->ids[0]));
	}
	group_list_put(groups);
}

static void fill_signals(struct process *process, const struct task *task,
                         struct process_info *info)
{
	struct signal_state *signals = &process->signals;

	spin_lock(&signals->lock);
	info->shared_pending = signals->queue.pending;
	info->queued = signals->queued;
	if (task) {
		info->pending = task->signals.queue.pending;
		info->blocked = task->signals.blocked;
	}
	for (unsigned int i = 0; i < SIGNAL_COUNT; i++) {
		uint64_t handler = signals->actions[i].handler;

		if (handler == (uint64_t)SIG_IGN)
			info->ignored |= 1UL << i;
		else if (handler != (uint64_t)SIG_DFL)
			info->caught |= 1UL << i;
	}
	spin_unlock(&signals->lock);
}

static void fill_task(const struct task *task, struct process_info *info)
{
	info->user_ticks += task->thread->user_ticks;
	info->kernel_ticks += task->thread->kernel_ticks;
	info->cpu = task->thread->cpu;
	info->nice = task->priority.nice;
	info->policy = task->priority.policy;
}

static void fill_io(const struct io_counts *from, struct process_info *info)
{
	info->io = (struct process_io){from->bytes_read, from->bytes_written, from->reads,
	                               from->writes};
}

static void fill_addresses(const struct vmspace *space, struct process_info *info)
{
	info->stack_start = space->stack_start;
	info->brk_start = space->brk_start;
	info->environment_start = space->environment_start;
	info->environment_end = space->environment_end;
}

static void use_user_hz(struct process_info *info)
{
	info->user_ticks = process_user_hz(info->user_ticks);
	info->kernel_ticks = process_user_hz(info->kernel_ticks);
}

/* What they have together, and the priority of the first. */
static void fill_all_tasks(const struct process *process, struct process_info *info)
{
	struct io_counts io = process->io;
	const struct task *task;

	info->user_ticks = process->user_ticks;
	info->kernel_ticks = process->kernel_ticks;
	task_for_each(task, process)
	{
		fill_task(task, info);
		io_counts_add(&io, &task->io);
	}
	task = task_first(process);
	if (task) {
		info->nice = task->priority.nice;
		info->policy = task->priority.policy;
	}
	use_user_hz(info);
	info->visible = process_may_inspect(process);
	if (info->visible)
		fill_io(&io, info);
}

/* What one has for itself, in place of that. */
static void fill_one_task(struct task *task, struct process_info *info)
{
	info->task = task->id;
	info->user_ticks = info->kernel_ticks = 0;
	fill_task(task, info);
	use_user_hz(info);
	info->state = letter_of(task);
	fill_signals(task->process, task, info);
	if (info->visible)
		fill_io(&task->io, info);
}

/* With process_table_lock, which keeps the process and, before it is a zombie, its thread
 * and address space in being. */
static void fill(struct process *process, struct process_info *info)
{
	memset(info, 0, sizeof(*info));
	info->id = info->task = process->id;
	info->parent = process->parent ? process->parent->id : 0;
	info->group = process->group;
	info->session = process->session;
	info->terminal = process->terminal ? (int)terminal_device(process->terminal) : 0;
	info->terminal_group = process->terminal ? terminal_foreground(process->terminal) : -1;
	info->state = state_letter(process);
	info->uid = process->credentials.user.effective;
	info->gid = process->credentials.group.effective;
	info->umask = process->umask;
	fill_credentials(process, info);
	fill_signals(process, task_first(process), info);
	memcpy(info->limits, process->limits.of, sizeof(info->limits));
	info->start_time = process->start_time;
	info->tasks = process->task_count;
	fill_all_tasks(process, info);
	if (process->vmspace) {
		info->virtual_bytes = process->vmspace->virtual_bytes;
		info->resident_pages = process->vmspace->resident_pages;
	}
	if (process->vmspace && info->visible)
		fill_addresses(process->vmspace, info);
	string_copy(info->name, process->name, sizeof(info->name));
	string_copy(info->executable, process->executable, sizeof(info->executable));
	info->command_line_size = process->command_line_size;
	if (info->command_line_size > sizeof(info->command_line))
		info->command_line_size = sizeof(info->command_line);
	if (process->command_line)
		memcpy(info->command_line, process->command_line, info->command_line_size);
}

process_id process_next_info(process_id from, struct process_info *info)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct process *process = process_find(from);
	process_id id = 0;

	if (!process)
		for (process = process_next(NULL); process && process->id < from;)
			process = process_next(process);
	if (process) {
		fill(process, info);
		id = process->id;
	}
	spin_unlock_irq(&process_table_lock, flags);
	return id;
}

/* With process_table_lock: the task of a process that has the lowest id from a number on; of any
 * process the one with that id. NULL: there is none. */
static struct task *find_task(process_id process, process_id from)
{
	struct task *task = process ? NULL : task_find(from), *at;
	struct process *owner = process ? process_find(process) : NULL;

	if (!owner)
		return task;
	task_for_each(at, owner)
	{
		if (at->id >= from && (!task || at->id < task->id))
			task = at;
	}
	return task;
}

process_id process_task_info(process_id process, process_id from, struct process_info *info)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct task *task = find_task(process, from);
	process_id id = 0;

	if (task) {
		fill(task->process, info);
		fill_one_task(task, info);
		id = task->id;
	}
	spin_unlock_irq(&process_table_lock, flags);
	return id;
}
