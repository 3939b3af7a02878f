/* SPDX-License-Identifier: MIT
 *
 * alarm(2) and the interval timers (setitimer(2)): ITIMER_REAL, one a process.
 */
#include <asm/signal.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/list.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>

#define NS_PER_US 1000UL

/* Interrupt context. The process cancels the timer before it ends. */
static void fire(struct timer *timer)
{
	struct interval_timer *alarm = list_entry(timer, struct interval_timer, timer);

	if (alarm->interval)
		timer_start(timer, timer->deadline + alarm->interval, fire);
	signal_send(alarm->process, SIGALRM);
}

/* Set anew (0: off); what was left of the old time and its interval, in ns. */
static void set(uint64_t value, uint64_t interval, uint64_t *left, uint64_t *old_interval)
{
	struct interval_timer *alarm = &current_process()->alarm;
	uint64_t now = time_now();

	*left = 0;
	*old_interval = alarm->interval;
	/* With the interval gone the callback no longer starts the timer again. */
	alarm->interval = 0;
	if (timer_cancel(&alarm->timer))
		/* One that is due but has not fired is not 0, which would mean off. */
		*left = alarm->timer.deadline > now ? alarm->timer.deadline - now : NS_PER_US;
	if (value == 0)
		return;
	alarm->interval = interval;
	timer_start(&alarm->timer, now + value, fire);
}

long sys_alarm(uint32_t seconds)
{
	uint64_t left, old_interval;

	set(seconds * NS_PER_SECOND, 0, &left, &old_interval);
	/* Rounded, but never to "none" (alarm(2)). */
	if (left != 0 && left < NS_PER_SECOND)
		return 1;
	return (long)((left + NS_PER_SECOND / 2) / NS_PER_SECOND);
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
	return time->tv_sec >= 0 && time->tv_usec >= 0 && time->tv_usec < 1000000 &&
	       (uint64_t)time->tv_sec < INT64_MAX / NS_PER_SECOND;
}

static uint64_t to_ns(const struct __kernel_old_timeval *time)
{
	return (uint64_t)time->tv_sec * NS_PER_SECOND + (uint64_t)time->tv_usec * NS_PER_US;
}

static long put_value(void __user *to, uint64_t left, uint64_t interval)
{
	struct __kernel_old_itimerval value = {to_time(interval), to_time(left)};

	return copy_to_user(to, &value, sizeof(value));
}

long sys_getitimer(int which, void __user *value)
{
	const struct interval_timer *alarm = &current_process()->alarm;
	uint64_t now = time_now();

	if (which != ITIMER_REAL)
		return -EINVAL;
	return put_value(
	        value,
	        alarm->timer.armed && alarm->timer.deadline > now ? alarm->timer.deadline - now : 0,
	        alarm->interval);
}

long sys_setitimer(int which, const void __user *value, void __user *old_value)
{
	struct __kernel_old_itimerval new = {0};
	uint64_t left, interval;

	if (which != ITIMER_REAL)
		return -EINVAL;
	if (value && copy_from_user(&new, value, sizeof(new)))
		return -EFAULT;
	if (!is_valid(&new.it_value) || !is_valid(&new.it_interval))
		return -EINVAL;
	set(to_ns(&new.it_value), to_ns(&new.it_interval), &left, &interval);
	return old_value ? put_value(old_value, left, interval) : 0;
}
