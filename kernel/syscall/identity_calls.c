/* SPDX-License-Identifier: MIT
 *
 * Who the caller is: ids of process, group and session (credentials(7)).
 */
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>

long sys_getpid(void)
{
	return current_process()->id;
}

long sys_gettid(void)
{
	return current_task()->id;
}

long sys_getppid(void)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct process *parent = current_process()->parent;
	long id = parent ? parent->id : 0;

	spin_unlock_irq(&process_table_lock, flags);
	return id;
}

long sys_getpgrp(void)
{
	return process_group_of(0);
}

long sys_getpgid(int which)
{
	return process_group_of(which);
}

long sys_setpgid(int which, int group)
{
	return process_set_group(which, group);
}

long sys_getsid(int which)
{
	return process_session_of(which);
}

long sys_setsid(void)
{
	return process_new_session();
}
