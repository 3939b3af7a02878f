/* SPDX-License-Identifier: MIT
 *
 * timer_create(2) and its kin.
 */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/capability.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/posix_timer.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/clock.h>
#include <kernel/syscall/syscall.h>

/* The clock of a timer that is to be made. */
static long choose_clock(int number, struct signal_timer *event)
{
	struct clock_choice clock;

	if (clock_find(number, &clock))
		return -EINVAL;
	if (clock.wakes && !process_is_capable(CAP_WAKE_ALARM))
		return -EPERM;
	if (clock.read) {
		event->clock = clock.read == time_wall ? TIMER_WALL : TIMER_MONOTONIC;
		return clock.sleeps ? 0 : -EOPNOTSUPP;
	}
	event->clock = TIMER_CPU;
	event->cpu.clock = clock.cpu;
	return clock_is_own(&clock) ? 0 : -EINVAL;
}

static bool is_own_task(process_id id)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct task *task = task_find(id);
	bool own = task && task->process == current_process();

	spin_unlock_irq(&process_table_lock, flags);
	return own;
}

/* What happens when it expires. SIGEV_THREAD is the C library's: a signal to the kernel. */
static long choose_event(const struct sigevent *wanted, struct signal_timer *event)
{
	switch (wanted->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL | SIGEV_THREAD_ID:
		if (!is_own_task(wanted->sigev_notify_thread_id))
			return -EINVAL;
		event->target = wanted->sigev_notify_thread_id;
		break;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		break;
	default:
		return -EINVAL;
	}
	if (wanted->sigev_signo < 1 || wanted->sigev_signo > SIGNAL_COUNT)
		return -EINVAL;
	event->number = wanted->sigev_signo;
	event->origin.value = (uint64_t)wanted->sigev_value.sival_ptr;
	return 0;
}

long sys_timer_create(int clock, const void __user *event, void __user *timer)
{
	struct signal_timer new = {.number = 0};
	struct sigevent wanted = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
	int32_t id;
	long result;

	if (event && copy_from_user(&wanted, event, sizeof(wanted)))
		return -EFAULT;
	result = choose_clock(clock, &new);
	if (result == 0)
		result = choose_event(&wanted, &new);
	if (result == 0)
		result = posix_timer_create(&new, !event);
	if (result < 0)
		return result;
	id = (int32_t)result;
	if (copy_to_user(timer, &id, sizeof(id)) == 0)
		return 0;
	posix_timer_delete(id);
	return -EFAULT;
}

static long put_setting(void __user *to, const struct timer_setting *setting)
{
	struct __kernel_itimerspec value = {
	        .it_interval = time_from_ns(setting->interval),
	        .it_value = time_from_ns(setting->value),
	};

	return copy_to_user(to, &value, sizeof(value));
}

long sys_timer_settime(int timer, uint32_t flags, const void __user *value, void __user *old_value)
{
	struct timer_setting new = {.absolute = flags & TIMER_ABSTIME}, old;
	struct __kernel_itimerspec wanted;
	long error;

	if (!value)
		return -EINVAL;
	if (copy_from_user(&wanted, value, sizeof(wanted)))
		return -EFAULT;
	if (!time_to_ns(&wanted.it_value, &new.value) ||
	    !time_to_ns(&wanted.it_interval, &new.interval))
		return -EINVAL;
	error = posix_timer_set(timer, &new, &old);
	if (error)
		return error;
	return old_value ? put_setting(old_value, &old) : 0;
}

long sys_timer_gettime(int timer, void __user *value)
{
	struct timer_setting left;
	long error = posix_timer_get(timer, &left);

	return error ? error : put_setting(value, &left);
}

long sys_timer_getoverrun(int timer)
{
	return posix_timer_overrun(timer);
}

long sys_timer_delete(int timer)
{
	return posix_timer_delete(timer);
}
