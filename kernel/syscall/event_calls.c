/* SPDX-License-Identifier: MIT
 *
 * eventfd(2), signalfd(2), timerfd_create(2) and its kin.
 */
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/timerfd.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/clock.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/eventfd.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/signalfd.h>
#include <kernel/vfs/timerfd.h>

#define CREATION_FLAGS ((uint32_t)(O_NONBLOCK | O_CLOEXEC))

long sys_eventfd2(uint32_t count, uint32_t flags)
{
	if (flags & ~(CREATION_FLAGS | EVENTFD_SEMAPHORE))
		return -EINVAL;
	return eventfd_open(count, flags);
}

long sys_eventfd(uint32_t count)
{
	return eventfd_open(count, 0);
}

long sys_signalfd4(int fd, const void __user *mask, uint64_t size, uint32_t flags)
{
	struct file *file;
	uint64_t set;
	long result;

	if (size != sizeof(set) || (flags & ~CREATION_FLAGS))
		return -EINVAL;
	if (copy_from_user(&set, mask, sizeof(set)))
		return -EFAULT;
	if (fd == -1)
		return signalfd_open(set, flags);
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	result = signalfd_set(file, set);
	file_put(file);
	return result ? result : fd;
}

long sys_signalfd(int fd, const void __user *mask, uint64_t size)
{
	return sys_signalfd4(fd, mask, size, 0);
}

/* The clocks that timers may go by. The machine never sleeps, so that the waking ones differ only
 * in who may use them. */
static const struct {
	int clock;
	bool by_wall, wakes;
} clocks[] = {
        {CLOCK_REALTIME, true, false},       {CLOCK_MONOTONIC, false, false},
        {CLOCK_BOOTTIME, false, false},      {CLOCK_REALTIME_ALARM, true, true},
        {CLOCK_BOOTTIME_ALARM, false, true},
};

long sys_timerfd_create(int clock, uint32_t flags)
{
	unsigned int i;

	if (flags & ~CREATION_FLAGS)
		return -EINVAL;
	for (i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (clocks[i].clock != clock)
			continue;
		if (clocks[i].wakes && !process_is_capable(CAP_WAKE_ALARM))
			return -EPERM;
		return timerfd_open(clocks[i].by_wall, flags);
	}
	return -EINVAL;
}

static long put_setting(void __user *to, const struct timerfd_setting *setting)
{
	struct __kernel_itimerspec value = {
	        .it_interval = time_from_ns(setting->interval),
	        .it_value = time_from_ns(setting->value),
	};

	return copy_to_user(to, &value, sizeof(value));
}

long sys_timerfd_settime(int fd, uint32_t flags, const void __user *value, void __user *old_value)
{
	struct timerfd_setting new = {
	        .absolute = flags & TFD_TIMER_ABSTIME,
	        .cancel = flags & TFD_TIMER_CANCEL_ON_SET,
	};
	struct timerfd_setting old;
	struct __kernel_itimerspec wanted;
	struct file *file;
	long error;

	if (copy_from_user(&wanted, value, sizeof(wanted)))
		return -EFAULT;
	if ((flags & ~(uint32_t)(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) ||
	    !time_to_ns(&wanted.it_value, &new.value) ||
	    !time_to_ns(&wanted.it_interval, &new.interval))
		return -EINVAL;
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	error = timerfd_set(file, &new, &old);
	file_put(file);
	if (!error && old_value)
		error = put_setting(old_value, &old);
	return error;
}

long sys_timerfd_gettime(int fd, void __user *value)
{
	struct file *file = file_from_descriptor(fd);
	struct timerfd_setting left;
	long error;

	if (!file)
		return -EBADF;
	error = timerfd_get(file, &left);
	file_put(file);
	return error ? error : put_setting(value, &left);
}
