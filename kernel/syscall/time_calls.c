/* SPDX-License-Identifier: MIT
 *
 * Clocks and sleeping.
 */
#include <linux/capability.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/posix_timer.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/clock.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>
#include <kernel/vfs/timerfd.h>

static long put_time(void __user *to, uint64_t ns)
{
	struct __kernel_timespec time = time_from_ns(ns);

	return copy_to_user(to, &time, sizeof(time));
}

static long get_time(const void __user *from, uint64_t *ns)
{
	struct __kernel_timespec time;

	if (copy_from_user(&time, from, sizeof(time)))
		return -EFAULT;
	return time_to_ns(&time, ns) ? 0 : -EINVAL;
}

long sys_clock_gettime(int number, void __user *time)
{
	struct clock_choice clock;

	return clock_find(number, &clock) ? -EINVAL : put_time(time, clock_read(&clock));
}

long sys_clock_getres(int number, void __user *resolution)
{
	struct clock_choice clock;

	if (clock_find(number, &clock))
		return -EINVAL;
	return resolution ? put_time(resolution, clock.resolution) : 0;
}

/* Who waits for a time of the wall clock. */
static struct wait_queue wall_sleepers = WAIT_QUEUE_INIT(wall_sleepers);

long sys_clock_settime(int clock, const void __user *time)
{
	uint64_t ns;
	long error;

	if (clock != CLOCK_REALTIME)
		return -EINVAL;
	error = get_time(time, &ns);
	if (error)
		return error;
	if (!process_is_capable(CAP_SYS_TIME))
		return -EPERM;
	time_set_wall(ns);
	timerfd_clock_was_set();
	posix_timers_clock_was_set();
	wake_all(&wall_sleepers);
	return 0;
}

long sys_gettimeofday(void __user *time, void __user *zone)
{
	struct timezone utc = {0, 0};
	uint64_t ns = time_wall();
	struct __kernel_old_timeval now = {
	        .tv_sec = (long)(ns / NS_PER_SECOND),
	        .tv_usec = (long)(ns % NS_PER_SECOND / 1000),
	};

	if (time && copy_to_user(time, &now, sizeof(now)))
		return -EFAULT;
	return zone ? copy_to_user(zone, &utc, sizeof(utc)) : 0;
}

long sys_time(void __user *seconds)
{
	long now = (long)(time_wall() / NS_PER_SECOND);

	return seconds && copy_to_user(seconds, &now, sizeof(now)) ? -EFAULT : now;
}

/* Until a point of time_now(), or of the wall clock, which may be set meanwhile: 0 or -EINTR. */
static long sleep_until(const struct clock_choice *clock, uint64_t when)
{
	long error = 0;

	for (;;) {
		uint64_t now = time_now(), shown = clock->read();

		if (shown >= when)
			return 0;
		error = WAIT_UNTIL(&wall_sleepers, clock->read() >= when, WAIT_INTERRUPTIBLE,
		                   now + (when - shown));
		if (error == -EINTR)
			return error;
	}
}

/* A timer of CPU time that wakes who sleeps by it. */
struct cpu_sleep {
	struct cpu_timer timer;
	struct wait_queue queue;
	bool over;
};

static void end_cpu_sleep(struct cpu_timer *timer)
{
	struct cpu_sleep *sleep = list_entry(timer, struct cpu_sleep, timer);

	__atomic_store_n(&sleep->over, true, __ATOMIC_RELEASE);
	wake_all(&sleep->queue);
}

/* Until the calling process has used so much: 0 or -EINTR. */
static long sleep_by_cpu_time(const struct clock_choice *clock, uint64_t when)
{
	struct cpu_sleep sleep = {.over = false};
	unsigned long flags;
	long error;

	if (clock_read(clock) >= when)
		return 0;
	wait_queue_init(&sleep.queue);
	cpu_timer_init(&sleep.timer, clock->cpu);
	flags = spin_lock_irq(&process_table_lock);
	cpu_timer_set(&sleep.timer, current_process(), when, end_cpu_sleep);
	spin_unlock_irq(&process_table_lock, flags);
	error = WAIT_UNTIL(&sleep.queue, __atomic_load_n(&sleep.over, __ATOMIC_ACQUIRE),
	                   WAIT_INTERRUPTIBLE, WAIT_FOREVER);
	/* The interrupt is done with the timer once the lock is ours. */
	flags = spin_lock_irq(&process_table_lock);
	cpu_timer_unset(&sleep.timer);
	spin_unlock_irq(&process_table_lock, flags);
	return error;
}

static long sleep_by(const struct clock_choice *clock, uint64_t when)
{
	return clock->read ? sleep_until(clock, when) : sleep_by_cpu_time(clock, when);
}

/* A relative sleep, which restart_syscall takes up where it was. remaining: user address
 * for what is left, or 0. */
static long sleep_restartable(const struct clock_choice *clock, uint64_t deadline,
                              uint64_t remaining)
{
	struct task *self = current_task();
	uint64_t now;

	if (sleep_by(clock, deadline) == 0)
		return 0;
	now = clock_read(clock);
	if (now >= deadline)
		return 0;
	if (remaining && put_time((void __user *)remaining, deadline - now))
		return -EFAULT;
	self->restart_by_cpu_time = !clock->read;
	self->restart_deadline = deadline;
	self->restart_remaining = remaining;
	return -ERESTART_RESTARTBLOCK;
}

/* What a relative sleep goes by: the wall clock may be set meanwhile. */
static const struct clock_choice monotonic = {.read = time_now};

long sys_restart_syscall(void)
{
	const struct task *self = current_task();
	struct clock_choice clock = monotonic;

	if (self->restart_by_cpu_time && clock_find(CLOCK_PROCESS_CPUTIME_ID, &clock))
		return -EINTR;
	return sleep_restartable(&clock, self->restart_deadline, self->restart_remaining);
}

long sys_nanosleep(const void __user *wanted, void __user *remaining)
{
	uint64_t ns;
	long error = get_time(wanted, &ns);

	return error ? error : sleep_restartable(&monotonic, time_now() + ns, (uint64_t)remaining);
}

long sys_clock_nanosleep(int number, uint32_t flags, const void __user *wanted,
                         void __user *remaining)
{
	struct clock_choice clock;
	uint64_t ns;
	long error = clock_find(number, &clock);

	if (error)
		return error;
	if (!clock.sleeps)
		return number < 0 ? -EINVAL : -EOPNOTSUPP;
	error = get_time(wanted, &ns);
	if (error)
		return error;
	if (clock.wakes && !process_is_capable(CAP_WAKE_ALARM))
		return -EPERM;
	if (!clock.read && !clock_is_own(&clock))
		return -EOPNOTSUPP;
	if (flags & TIMER_ABSTIME)
		return sleep_by(&clock, ns) ? -ERESTARTNOHAND : 0;
	if (clock.read)
		clock = monotonic;
	return sleep_restartable(&clock, clock_read(&clock) + ns, (uint64_t)remaining);
}
