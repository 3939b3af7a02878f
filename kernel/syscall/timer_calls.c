/* SPDX-License-Identifier: MIT
 *
 * alarm(2) and the interval timers (setitimer(2)).
 */
#include <linux/time.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>

#define NS_PER_US 1000UL

static void set(int which, const struct timer_setting *new, struct timer_setting *old)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);

	signal_timer_set(&current_process()->interval_timers[which], new, old);
	spin_unlock_irq(&process_table_lock, flags);
}

long sys_alarm(uint32_t seconds)
{
	struct timer_setting new = {.value = seconds * NS_PER_SECOND}, old;

	set(ITIMER_REAL, &new, &old);
	/* Rounded, but never to "none" (alarm(2)). */
	if (old.value != 0 && old.value < NS_PER_SECOND)
		return 1;
	return (long)((old.value + NS_PER_SECOND / 2) / NS_PER_SECOND);
}

static struct __kernel_old_timeval to_time(uint64_t ns)
{
	return (struct __kernel_old_timeval){
	        .tv_sec = (long)(ns / NS_PER_SECOND),
	        .tv_usec = (long)(ns % NS_PER_SECOND / NS_PER_US),
	};
}

static bool is_valid(const struct __kernel_old_timeval *time)
{
	return time->tv_sec >= 0 && time->tv_usec >= 0 && time->tv_usec < 1000000;
}

/* A time further off than a deadline can say is for ever. */
static uint64_t to_ns(const struct __kernel_old_timeval *time)
{
	if ((uint64_t)time->tv_sec >= INT64_MAX / NS_PER_SECOND / 2)
		return INT64_MAX / 2;
	return (uint64_t)time->tv_sec * NS_PER_SECOND + (uint64_t)time->tv_usec * NS_PER_US;
}

/* What is left but less than can be said is not 0, which would mean off. */
static long put_value(void __user *to, const struct timer_setting *setting)
{
	uint64_t left = setting->value && setting->value < NS_PER_US ? NS_PER_US : setting->value;
	struct __kernel_old_itimerval value = {to_time(setting->interval), to_time(left)};

	return copy_to_user(to, &value, sizeof(value));
}

long sys_getitimer(int which, void __user *value)
{
	struct timer_setting left;
	unsigned long flags;

	if (which < 0 || which >= INTERVAL_TIMERS)
		return -EINVAL;
	flags = spin_lock_irq(&process_table_lock);
	signal_timer_get(&current_process()->interval_timers[which], &left);
	spin_unlock_irq(&process_table_lock, flags);
	return put_value(value, &left);
}

long sys_setitimer(int which, const void __user *value, void __user *old_value)
{
	struct __kernel_old_itimerval wanted = {0};
	struct timer_setting new = {0}, old;

	if (value && copy_from_user(&wanted, value, sizeof(wanted)))
		return -EFAULT;
	if (!is_valid(&wanted.it_value) || !is_valid(&wanted.it_interval))
		return -EINVAL;
	if (which < 0 || which >= INTERVAL_TIMERS)
		return -EINVAL;
	new.value = to_ns(&wanted.it_value);
	new.interval = to_ns(&wanted.it_interval);
	set(which, &new, &old);
	return old_value ? put_value(old_value, &old) : 0;
}
