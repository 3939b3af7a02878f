/* SPDX-License-Identifier: MIT
 *
 * epoll_create(2), epoll_ctl(2), epoll_wait(2) and their kin.
 */
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>
#include <kernel/proc/signal.h>
#include <kernel/syscall/poll.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/epoll.h>

#define EVENTS_MAX (INT32_MAX / (int)sizeof(struct epoll_event))

long sys_epoll_create1(uint32_t flags)
{
	return flags & ~(uint32_t)O_CLOEXEC ? -EINVAL : epoll_open(flags);
}

long sys_epoll_create(int size)
{
	return size <= 0 ? -EINVAL : epoll_open(0);
}

long sys_epoll_ctl(int fd, int operation, int target, const void __user *event)
{
	struct file *file, *watched;
	struct epoll_event wanted;
	long result = -EBADF;

	if (operation != EPOLL_CONTROL_DEL && copy_from_user(&wanted, event, sizeof(wanted)))
		return -EFAULT;
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	watched = file_from_descriptor(target);
	if (watched)
		result = epoll_control(file, operation, target, watched,
		                       operation == EPOLL_CONTROL_DEL ? NULL : &wanted);
	file_put(watched);
	file_put(file);
	return result;
}

static long wait_for_events(int fd, void __user *events, int most, uint64_t deadline)
{
	struct file *file;
	long result;

	if (most <= 0 || most > EVENTS_MAX)
		return -EINVAL;
	if (!access_ok(events, (uint64_t)most * sizeof(struct epoll_event)))
		return -EFAULT;
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	result = epoll_wait_events(file, events, (uint32_t)most, deadline);
	file_put(file);
	return result;
}

long sys_epoll_wait(int fd, void __user *events, int most, int timeout)
{
	return wait_for_events(fd, events, most, poll_deadline_ms(timeout));
}

/* Never begun again once a signal has ended it, whatever the handler (signal(7)). */
static long wait_masked(int fd, void __user *events, int most, uint64_t deadline,
                        const void __user *mask, uint64_t mask_size)
{
	long result = mask_begin(mask, mask_size);

	if (result)
		return result;
	result = mask_end(mask, wait_for_events(fd, events, most, deadline));
	return result == -ERESTARTNOHAND ? -EINTR : result;
}

long sys_epoll_pwait(int fd, void __user *events, int most, int timeout, const void __user *mask,
                     uint64_t mask_size)
{
	return wait_masked(fd, events, most, poll_deadline_ms(timeout), mask, mask_size);
}

long sys_epoll_pwait2(int fd, void __user *events, int most, const void __user *timeout,
                      const void __user *mask, uint64_t mask_size)
{
	uint64_t deadline;
	long error = poll_deadline(timeout, &deadline);

	return error ? error : wait_masked(fd, events, most, deadline, mask, mask_size);
}
