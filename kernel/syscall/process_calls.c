/* SPDX-License-Identifier: MIT
 *
 * Calls that make, change and end processes, and what they used.
 */
#include <asm/prctl.h>
#include <asm/signal.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/times.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/exec.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>
#include <kernel/proc/birth.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>
#include <kernel/syscall/usage.h>
#include <kernel/time/time.h>

#define ROBUST_LIST_HEAD_SIZE 24 /* struct robust_list_head of <linux/futex.h> */

static long give_birth(struct birth_request request)
{
	request.frame = current_thread()->user_frame;
	return request.flags & CLONE_THREAD ? task_clone(&request) : process_fork(&request);
}

long sys_fork(void)
{
	return give_birth((struct birth_request){.flags = SIGCHLD});
}

long sys_vfork(void)
{
	return give_birth((struct birth_request){.flags = CLONE_VM | CLONE_VFORK | SIGCHLD});
}

long sys_clone(uint32_t flags, uint64_t stack, uint64_t parent_tid, uint64_t child_tid,
               uint64_t tls)
{
	/* Both would go to the same place. */
	if ((flags & CLONE_PIDFD) && (flags & (CLONE_PARENT_SETTID | CLONE_DETACHED)))
		return -EINVAL;
	return give_birth((struct birth_request){.flags = flags,
	                                         .stack = stack,
	                                         .parent_tid = parent_tid,
	                                         .pidfd = parent_tid,
	                                         .child_tid = child_tid,
	                                         .tls = tls});
}

/* Copy a struct that grows with versions: what the caller's lacks is 0, what it has beyond ours
 * must be 0. */
static long copy_clone_args(struct clone_args *args, const void __user *from, uint64_t size)
{
	char beyond[64];

	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	memset(args, 0, sizeof(*args));
	for (uint64_t at = sizeof(*args), part; at < size; at += part) {
		part = size - at < sizeof(beyond) ? size - at : sizeof(beyond);
		if (copy_from_user(beyond, (const char __user *)from + at, part))
			return -EFAULT;
		for (uint64_t i = 0; i < part; i++)
			if (beyond[i])
				return -E2BIG;
	}
	return copy_from_user(args, from, size < sizeof(*args) ? size : sizeof(*args)) ? -EFAULT
	                                                                               : 0;
}

long sys_clone3(const void __user *user_args, uint64_t size)
{
	struct clone_args args;
	long error = copy_clone_args(&args, user_args, size);

	if (error)
		return error;
	/* The exit signal has a field of its own; choosing ids and cgroups is not offered. */
	if ((args.flags & (CSIGNAL | CLONE_DETACHED)) || args.exit_signal & ~(uint64_t)CSIGNAL ||
	    args.set_tid || args.set_tid_size || args.cgroup || !args.stack != !args.stack_size)
		return -EINVAL;
	if (args.exit_signal && (args.flags & CLONE_THREAD))
		return -EINVAL;
	return give_birth(
	        (struct birth_request){.flags = args.flags | args.exit_signal,
	                               .stack = args.stack ? args.stack + args.stack_size : 0,
	                               .parent_tid = args.parent_tid,
	                               .pidfd = args.pidfd,
	                               .child_tid = args.child_tid,
	                               .tls = args.tls});
}

long sys_execve(const char __user *path, const void __user *argv, const void __user *environment)
{
	int error = exec_program(current_thread()->user_frame, path, argv, environment);

	if (error == 0)
		process_after_exec();
	return error;
}

long sys_exit(int status)
{
	task_exit(WAIT_STATUS_EXITED(status));
}

long sys_exit_group(int status)
{
	process_exit(WAIT_STATUS_EXITED(status));
}

static struct __kernel_old_timeval ticks_to_time(uint64_t ticks)
{
	uint64_t us = ticks * (NS_PER_TICK / 1000);

	return (struct __kernel_old_timeval){
	        .tv_sec = (long)(us / 1000000),
	        .tv_usec = (long)(us % 1000000),
	};
}

long usage_put(void __user *to, uint64_t user_ticks, uint64_t kernel_ticks)
{
	struct rusage usage;
	struct __kernel_old_timeval user = ticks_to_time(user_ticks);
	struct __kernel_old_timeval kernel = ticks_to_time(kernel_ticks);

	memset(&usage, 0, sizeof(usage));
	memcpy(&usage.ru_utime, &user, sizeof(user));
	memcpy(&usage.ru_stime, &kernel, sizeof(kernel));
	return copy_to_user(to, &usage, sizeof(usage));
}

long sys_getrusage(int who, void __user *usage)
{
	const struct process *self = current_process();
	const struct thread *thread = current_thread();

	uint64_t user, kernel;

	switch (who) {
	case RUSAGE_SELF:
		process_own_ticks(&user, &kernel);
		return usage_put(usage, user, kernel);
	case RUSAGE_THREAD:
		return usage_put(usage, thread->user_ticks, thread->kernel_ticks);
	case RUSAGE_CHILDREN:
		return usage_put(usage, self->children_user_ticks, self->children_kernel_ticks);
	default:
		return -EINVAL;
	}
}

long sys_times(void __user *times)
{
	const struct process *self = current_process();
	uint64_t user, kernel;
	struct tms result = {
	        .tms_cutime = (long)process_user_hz(self->children_user_ticks),
	        .tms_cstime = (long)process_user_hz(self->children_kernel_ticks),
	};

	process_own_ticks(&user, &kernel);
	result.tms_utime = (long)process_user_hz(user);
	result.tms_stime = (long)process_user_hz(kernel);
	if (times && copy_to_user(times, &result, sizeof(result)))
		return -EFAULT;
	return (long)process_user_hz(time_now() / NS_PER_TICK);
}

/* A base that is not an address would fault when it is loaded. */
static long set_fs_base(uint64_t address)
{
	if (!user_range_ok(address, 0))
		return -EPERM;
	thread_set_fs_base(address);
	return 0;
}

long sys_arch_prctl(uint32_t code, uint64_t address)
{
	switch (code) {
	case ARCH_SET_FS:
		return set_fs_base(address);
	case ARCH_GET_FS:
		return copy_to_user((void __user *)address, &current_thread()->fs_base,
		                    sizeof(current_thread()->fs_base));
	default:
		return -EINVAL;
	}
}

static long set_name(uint64_t address)
{
	struct process *self = current_process();
	char name[sizeof(self->name)];
	unsigned long flags;
	long length = copy_string_from_user(name, (const char __user *)address, sizeof(name));

	if (length == -ENAMETOOLONG)
		name[sizeof(name) - 1] = '\0';
	else if (length < 0)
		return length;
	flags = spin_lock_irq(&process_table_lock);
	string_copy(self->name, name, sizeof(self->name));
	spin_unlock_irq(&process_table_lock, flags);
	return 0;
}

/* prctl(2): once set it stays, and no program gives its ids. */
static long set_no_new_privileges(uint64_t on, uint64_t rest)
{
	if (on != 1 || rest)
		return -EINVAL;
	current_process()->credentials.no_new_privileges = true;
	return 0;
}

long sys_prctl(int option, uint64_t arg2, uint64_t arg3, uint64_t arg4, uint64_t arg5)
{
	switch (option) {
	case PR_SET_NAME:
		return set_name(arg2);
	case PR_GET_NAME:
		return copy_to_user((void __user *)arg2, current_process()->name,
		                    sizeof(current_process()->name));
	case PR_SET_NO_NEW_PRIVS:
		return set_no_new_privileges(arg2, arg3 | arg4 | arg5);
	case PR_GET_NO_NEW_PRIVS:
		return arg2 | arg3 | arg4 | arg5 ? -EINVAL
		                                 : current_process()->credentials.no_new_privileges;
	case PR_CAPBSET_READ:
		return arg2 < 64 && (CAPABILITIES_ALL >> arg2 & 1) ? 1 : -EINVAL;
	case PR_GET_DUMPABLE:
		return !current_process()->credentials.is_hidden;
	case PR_SET_DUMPABLE:
		if (arg2 > 1)
			return -EINVAL;
		current_process()->credentials.is_hidden = arg2 == 0;
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_set_tid_address(uint64_t address)
{
	current_task()->clear_child_tid = address;
	return current_task()->id;
}

long sys_set_robust_list(uint64_t head, uint64_t size)
{
	if (size != ROBUST_LIST_HEAD_SIZE)
		return -EINVAL;
	current_task()->robust_list = head;
	return 0;
}

long sys_get_robust_list(int which, void __user *head, void __user *size)
{
	const uint64_t head_size = ROBUST_LIST_HEAD_SIZE;
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct task *task = which == 0 ? current_task() : task_find(which);
	bool same = task && task->process == current_process();
	uint64_t list = same ? task->robust_list : 0;

	spin_unlock_irq(&process_table_lock, flags);
	if (!same)
		return task ? -EPERM : -ESRCH;
	if (copy_to_user(head, &list, sizeof(list)))
		return -EFAULT;
	return copy_to_user(size, &head_size, sizeof(head_size));
}

long sys_sched_yield(void)
{
	thread_yield();
	return 0;
}

/* Every thread may run on every CPU. The size of the mask that was written. */
long sys_sched_getaffinity(int which, uint64_t size, void __user *mask)
{
	uint64_t all = cpu_count >= 64 ? UINT64_MAX : (1UL << cpu_count) - 1;
	unsigned long flags;
	bool exists;

	if (size < sizeof(all) || size % sizeof(all))
		return -EINVAL;
	flags = spin_lock_irq(&process_table_lock);
	exists = which == 0 || task_find(which);
	spin_unlock_irq(&process_table_lock, flags);
	if (!exists)
		return -ESRCH;
	return copy_to_user(mask, &all, sizeof(all)) ? -EFAULT : (long)sizeof(all);
}

/* The third argument is of old kernels (getcpu(2)). */
long sys_getcpu(void __user *cpu, void __user *node, uint64_t unused)
{
	uint32_t number = (uint32_t)this_cpu()->number, only_node = 0;

	if (cpu && copy_to_user(cpu, &number, sizeof(number)))
		return -EFAULT;
	return node && copy_to_user(node, &only_node, sizeof(only_node)) ? -EFAULT : 0;
}
