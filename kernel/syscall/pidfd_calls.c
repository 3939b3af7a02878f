/* SPDX-License-Identifier: MIT
 *
 * pidfd_open(2) and pidfd_send_signal(2).
 */
#include <asm/siginfo.h>
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/signal_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/anonymous_file.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/pidfd.h>

long sys_pidfd_open(int which, uint32_t flags)
{
	struct file *file;
	int error;

	if ((flags & ~(uint32_t)O_NONBLOCK) || which <= 0)
		return -EINVAL;
	error = pidfd_create(which, flags, &file);
	return error ? error : anonymous_install(file, O_CLOEXEC);
}

static long send(const struct file *file, int number, const void __user *info)
{
	struct signal_origin origin = signal_from_caller(SI_USER);
	struct process *process = NULL;
	unsigned long flags;
	process_id id;
	long error;

	flags = spin_lock_irq(&process_table_lock);
	error = pidfd_process(file, &process);
	id = process ? process->id : 0;
	spin_unlock_irq(&process_table_lock, flags);
	if (!error && info)
		error = signal_origin_get(info, id, number, &origin);
	if (error)
		return error;
	flags = spin_lock_irq(&process_table_lock);
	error = pidfd_process(file, &process);
	if (!error)
		error = process ? signal_send_checked_held(process, number, &origin) : -ESRCH;
	spin_unlock_irq(&process_table_lock, flags);
	return error;
}

long sys_pidfd_send_signal(int fd, int number, const void __user *info, uint32_t flags)
{
	struct file *file;
	long result;

	if (flags)
		return -EINVAL;
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	result = send(file, number, info);
	file_put(file);
	return result;
}
