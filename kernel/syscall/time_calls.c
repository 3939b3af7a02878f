/* SPDX-License-Identifier: MIT
 *
 * Clocks and sleeping.
 */
#include <linux/time.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>
#include <kernel/vfs/timerfd.h>

static uint64_t thread_time(void)
{
	const struct thread *thread = current_thread();

	return (thread->user_ticks + thread->kernel_ticks) * NS_PER_TICK;
}

static uint64_t process_time(void)
{
	uint64_t user, kernel;

	process_own_ticks(&user, &kernel);
	return (user + kernel) * NS_PER_TICK;
}

/* The clocks of clock_gettime(2): how to read each, how fine it is. */
static const struct {
	int clock;
	uint64_t (*read)(void);
	uint64_t resolution; /* ns */
} clocks[] = {
        {CLOCK_REALTIME, time_wall, 1},
        {CLOCK_MONOTONIC, time_now, 1},
        {CLOCK_PROCESS_CPUTIME_ID, process_time, NS_PER_TICK},
        {CLOCK_THREAD_CPUTIME_ID, thread_time, NS_PER_TICK},
        {CLOCK_MONOTONIC_RAW, time_now, 1},
        {CLOCK_REALTIME_COARSE, time_wall, NS_PER_TICK},
        {CLOCK_MONOTONIC_COARSE, time_now, NS_PER_TICK},
        {CLOCK_BOOTTIME, time_now, 1},
};

#define CLOCK_COUNT (sizeof(clocks) / sizeof(clocks[0]))

static unsigned int find_clock(int clock)
{
	unsigned int i;

	for (i = 0; i < CLOCK_COUNT; i++)
		if (clocks[i].clock == clock)
			break;
	return i;
}

static long put_time(void __user *to, uint64_t ns)
{
	struct __kernel_timespec time = {
	        .tv_sec = (int64_t)(ns / NS_PER_SECOND),
	        .tv_nsec = (int64_t)(ns % NS_PER_SECOND),
	};

	return copy_to_user(to, &time, sizeof(time));
}

/* A time further off than a deadline can say is for ever. */
static long get_time(const void __user *from, uint64_t *ns)
{
	struct __kernel_timespec time;

	if (copy_from_user(&time, from, sizeof(time)))
		return -EFAULT;
	if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= (int64_t)NS_PER_SECOND)
		return -EINVAL;
	*ns = (uint64_t)time.tv_sec >= INT64_MAX / NS_PER_SECOND
	              ? INT64_MAX
	              : (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_nsec;
	return 0;
}

long sys_clock_gettime(int clock, void __user *time)
{
	unsigned int i = find_clock(clock);

	return i < CLOCK_COUNT ? put_time(time, clocks[i].read()) : -EINVAL;
}

long sys_clock_getres(int clock, void __user *resolution)
{
	unsigned int i = find_clock(clock);

	if (i == CLOCK_COUNT)
		return -EINVAL;
	return resolution ? put_time(resolution, clocks[i].resolution) : 0;
}

long sys_clock_settime(int clock, const void __user *time)
{
	uint64_t ns;
	long error;

	if (clock != CLOCK_REALTIME)
		return -EINVAL;
	error = get_time(time, &ns);
	if (error)
		return error;
	if (current_process()->euid != 0)
		return -EPERM;
	time_set_wall(ns);
	timerfd_clock_was_set();
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

/* Sleep to a point of time_now(): 0 or -EINTR. */
static long sleep_until(uint64_t deadline)
{
	struct wait_queue nobody;

	wait_queue_init(&nobody);
	return WAIT_UNTIL(&nobody, false, WAIT_INTERRUPTIBLE, deadline) == -EINTR ? -EINTR : 0;
}

/* A relative sleep, which restart_syscall takes up where it was. remaining: user address
 * for what is left, or 0. */
static long sleep_restartable(uint64_t deadline, uint64_t remaining)
{
	struct task *self = current_task();
	uint64_t now;

	if (sleep_until(deadline) == 0)
		return 0;
	now = time_now();
	if (now >= deadline)
		return 0;
	if (remaining && put_time((void __user *)remaining, deadline - now))
		return -EFAULT;
	self->restart_deadline = deadline;
	self->restart_remaining = remaining;
	return -ERESTART_RESTARTBLOCK;
}

long sys_restart_syscall(void)
{
	const struct task *self = current_task();

	return sleep_restartable(self->restart_deadline, self->restart_remaining);
}

long sys_nanosleep(const void __user *wanted, void __user *remaining)
{
	uint64_t ns;
	long error = get_time(wanted, &ns);

	return error ? error : sleep_restartable(time_now() + ns, (uint64_t)remaining);
}

/* When a clock will show this: clocks differ by a constant from time_now(). */
static uint64_t deadline_of(unsigned int clock, uint64_t ns)
{
	uint64_t now = time_now(), shown = clocks[clock].read();

	return ns > shown ? now + (ns - shown) : now;
}

long sys_clock_nanosleep(int clock, uint32_t flags, const void __user *wanted,
                         void __user *remaining)
{
	unsigned int i = find_clock(clock);
	uint64_t ns;
	long error = get_time(wanted, &ns);

	if (i == CLOCK_COUNT || clock == CLOCK_THREAD_CPUTIME_ID)
		return -EINVAL;
	if (clocks[i].read == process_time)
		return -EOPNOTSUPP;
	if (error)
		return error;
	if (flags & TIMER_ABSTIME)
		return sleep_until(deadline_of(i, ns)) ? -ERESTARTNOHAND : 0;
	return sleep_restartable(time_now() + ns, (uint64_t)remaining);
}
