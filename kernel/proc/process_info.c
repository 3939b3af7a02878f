/* SPDX-License-Identifier: MIT
 *
 * Snapshots of processes for /proc.
 */
#include <asm/signal.h>

#include <kernel/lib/string.h>
#include <kernel/mm/vmspace.h>
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

/* The letter of proc(5): R where any task runs. A thread that sleeps without heeding signals is
 * in state D. */
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
		if (task->thread->state != THREAD_SLEEPING)
			return 'R';
		letter = task->thread->interruptible ? 'S' : 'D';
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

static void fill_signals(struct process *process, struct process_info *info)
{
	struct signal_state *signals = &process->signals;
	const struct task *task = task_first(process);

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

/* With process_table_lock, which keeps the process and, before it is a zombie, its thread
 * and address space in being. */
static void fill(struct process *process, struct process_info *info)
{
	const struct task *task;

	memset(info, 0, sizeof(*info));
	info->id = process->id;
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
	fill_signals(process, info);
	memcpy(info->limits, process->limits.of, sizeof(info->limits));
	info->user_ticks = process->user_ticks;
	info->kernel_ticks = process->kernel_ticks;
	info->start_time = process->start_time;
	info->tasks = process->task_count;
	if (task_first(process)) {
		info->nice = task_first(process)->priority.nice;
		info->policy = task_first(process)->priority.policy;
	}
	task_for_each(task, process)
	{
		info->user_ticks += task->thread->user_ticks;
		info->kernel_ticks += task->thread->kernel_ticks;
		info->cpu = task->thread->cpu;
	}
	info->user_ticks = process_user_hz(info->user_ticks);
	info->kernel_ticks = process_user_hz(info->kernel_ticks);
	if (process->vmspace) {
		info->virtual_bytes = process->vmspace->virtual_bytes;
		info->resident_pages = process->vmspace->resident_pages;
	}
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
