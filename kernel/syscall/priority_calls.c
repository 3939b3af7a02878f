/* SPDX-License-Identifier: MIT
 *
 * Priorities and scheduling policies (sched(7), ioprio_set(2)).
 */
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/priority.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/clock.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>

#define IOPRIO_WHO_FIRST 1 /* what PRIO_PROCESS is to the others */
#define REAL_TIME_LEAST  1
#define REAL_TIME_MOST   99

long sys_getpriority(int which, int who)
{
	return priority_get(which, who);
}

long sys_setpriority(int which, int who, int nice)
{
	return priority_set(which, who, nice);
}

static int priority_which(int which)
{
	return which < IOPRIO_WHO_FIRST ? -1 : which - IOPRIO_WHO_FIRST + PRIO_PROCESS;
}

long sys_ioprio_get(int which, int who)
{
	return io_priority_get(priority_which(which), who);
}

long sys_ioprio_set(int which, int who, uint32_t value)
{
	return value > UINT16_MAX ? -EINVAL
	                          : io_priority_set(priority_which(which), who, (int)value);
}

long sys_sched_getscheduler(int which)
{
	return policy_get(which);
}

/* The one field of struct sched_param. */
static long get_parameter(int which, const void __user *parameter, int *real_time)
{
	if (which < 0 || !parameter)
		return -EINVAL;
	return copy_from_user(real_time, parameter, sizeof(*real_time));
}

long sys_sched_setscheduler(int which, int policy, const void __user *parameter)
{
	int real_time;
	long error = policy < 0 ? -EINVAL : get_parameter(which, parameter, &real_time);

	return error ? error : policy_set(which, policy, real_time);
}

long sys_sched_setparam(int which, const void __user *parameter)
{
	int real_time;
	long error = get_parameter(which, parameter, &real_time);

	return error ? error : policy_set_parameter(which, real_time);
}

long sys_sched_getparam(int which, void __user *parameter)
{
	const int real_time = 0;
	long policy = parameter ? policy_get(which) : -EINVAL;

	return policy < 0 ? policy : copy_to_user(parameter, &real_time, sizeof(real_time));
}

static long bound_of(int policy, long of_real_time)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return of_real_time;
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_DEADLINE:
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_sched_get_priority_max(int policy)
{
	return bound_of(policy, REAL_TIME_MOST);
}

long sys_sched_get_priority_min(int policy)
{
	return bound_of(policy, REAL_TIME_LEAST);
}

long sys_sched_rr_get_interval(int which, void __user *interval)
{
	unsigned long flags;
	const struct task *task;
	uint64_t ticks = 0;
	struct __kernel_timespec time;

	if (which < 0)
		return -EINVAL;
	flags = spin_lock_irq(&process_table_lock);
	task = which ? task_find(which) : current_task();
	if (task)
		ticks = priority_turn(&task->priority);
	spin_unlock_irq(&process_table_lock, flags);
	if (!ticks)
		return -ESRCH;
	time = time_from_ns(ticks * NS_PER_TICK);
	return copy_to_user(interval, &time, sizeof(time));
}
