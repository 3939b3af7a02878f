/* SPDX-License-Identifier: MIT
 *
 * wait4(2) and waitid(2).
 */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/wait.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>
#include <kernel/syscall/usage.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/pidfd.h>

#define KINDS         (WEXITED | WSTOPPED | WCONTINUED)
#define CLONE_OPTIONS (__WNOTHREAD | __WALL | __WCLONE)

static struct wait_request request_of(int which, uint32_t options)
{
	struct wait_request request = {.options = (int)(options | WEXITED)};

	if (which > 0) {
		request.children = WAIT_FOR_PROCESS;
		request.id = which;
	} else if (which != -1) {
		request.children = WAIT_FOR_GROUP;
		request.id = which == 0 ? current_process()->group : -which;
	}
	return request;
}

long sys_wait4(int which, void __user *status, uint32_t options, void __user *usage)
{
	struct wait_request request;
	struct wait_result result;
	long id;

	if (options & ~(uint32_t)(WNOHANG | WUNTRACED | WCONTINUED | CLONE_OPTIONS))
		return -EINVAL;
	if (which == INT32_MIN)
		return -ESRCH;
	request = request_of(which, options);
	id = process_wait(&request, &result);
	if (id <= 0)
		return id;
	if (status && copy_to_user(status, &result.status, sizeof(result.status)))
		return -EFAULT;
	if (usage && usage_put(usage, result.user_ticks, result.kernel_ticks))
		return -EFAULT;
	return id;
}

/* The process of a descriptor for one: *nonblocking tells how the descriptor is. */
static long find_by_descriptor(int fd, process_id *id, bool *nonblocking)
{
	struct file *file = file_from_descriptor(fd);
	struct process *process = NULL;
	unsigned long flags;
	long error;

	if (!file)
		return -EBADF;
	flags = spin_lock_irq(&process_table_lock);
	error = pidfd_process(file, &process);
	*id = process ? process->id : 0;
	spin_unlock_irq(&process_table_lock, flags);
	*nonblocking = file->flags & O_NONBLOCK;
	file_put(file);
	if (!error && *id == 0)
		error = -ECHILD;
	return error;
}

static long choose(int type, int which, struct wait_request *request, bool *nonblocking)
{
	request->id = which;
	switch (type) {
	case P_ALL:
		request->children = WAIT_FOR_ANY;
		return 0;
	case P_PID:
		request->children = WAIT_FOR_PROCESS;
		return which > 0 ? 0 : -EINVAL;
	case P_PGID:
		request->children = WAIT_FOR_GROUP;
		if (which == 0)
			request->id = current_process()->group;
		return which >= 0 ? 0 : -EINVAL;
	case P_PIDFD:
		request->children = WAIT_FOR_PROCESS;
		return which >= 0 ? find_by_descriptor(which, &request->id, nonblocking) : -EINVAL;
	default:
		return -EINVAL;
	}
}

static long put_info(void __user *to, process_id id, const struct wait_result *result)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	if (id) {
		info.si_signo = SIGCHLD;
		info.si_code = result->code;
		info.si_pid = id;
		info.si_uid = result->uid;
		info.si_status = result->detail;
	}
	return copy_to_user(to, &info, sizeof(info));
}

long sys_waitid(int type, int which, void __user *info, uint32_t options, void __user *usage)
{
	struct wait_request request = {.options = (int)options};
	struct wait_result result;
	bool nonblocking = false;
	long id;

	if ((options & ~(uint32_t)(WNOHANG | WNOWAIT | KINDS | CLONE_OPTIONS)) ||
	    !(options & KINDS))
		return -EINVAL;
	id = choose(type, which, &request, &nonblocking);
	if (id)
		return id;
	if (nonblocking)
		request.options |= WNOHANG;
	id = process_wait(&request, &result);
	if (id == 0 && nonblocking && !(options & WNOHANG))
		return -EAGAIN;
	if (id < 0)
		return id;
	if (id && usage && usage_put(usage, result.user_ticks, result.kernel_ticks))
		return -EFAULT;
	return info && put_info(info, (process_id)id, &result) ? -EFAULT : 0;
}
