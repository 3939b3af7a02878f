/* SPDX-License-Identifier: MIT
 *
 * poll(2), ppoll(2).
 */
#include <asm/poll.h>
#include <asm/resource.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/syscall/poll.h>
#include <kernel/syscall/syscall.h>

/* The files that a user's array names; descriptors below 0 are left out. */
static long read_entries(struct poll_entry *entries, const struct pollfd __user *from,
                         uint32_t count, long *invalid)
{
	struct pollfd one;
	uint32_t i;

	*invalid = 0;
	for (i = 0; i < count; i++) {
		if (copy_from_user(&one, &from[i], sizeof(one)))
			return -EFAULT;
		if (one.fd < 0)
			continue;
		entries[i].events = (uint16_t)one.events;
		entries[i].file = file_from_descriptor(one.fd);
		if (!entries[i].file) {
			entries[i].found = POLLNVAL;
			++*invalid;
		}
	}
	return 0;
}

static long write_results(const struct poll_entry *entries, struct pollfd __user *to,
                          uint32_t count)
{
	uint32_t i;
	short found;

	for (i = 0; i < count; i++) {
		found = (short)entries[i].found;
		if (copy_to_user(&to[i].revents, &found, sizeof(found)))
			return -EFAULT;
	}
	return 0;
}

static long poll_until(struct pollfd __user *descriptors, uint64_t count, uint64_t deadline)
{
	struct poll_entry *entries;
	long invalid, result;

	if (count > resource_limit(RLIMIT_NOFILE))
		return -EINVAL;
	entries = poll_allocate((uint32_t)count);
	if (!entries)
		return -ENOMEM;
	result = read_entries(entries, descriptors, (uint32_t)count, &invalid);
	if (result == 0) {
		/* A bad descriptor is news at once. */
		result = poll_wait(entries, (uint32_t)count, invalid ? 0 : deadline);
		if (result >= 0)
			result += invalid;
	}
	if (result >= 0 && write_results(entries, descriptors, (uint32_t)count))
		result = -EFAULT;
	poll_free(entries, (uint32_t)count);
	return result;
}

long sys_poll(void __user *descriptors, uint64_t count, int timeout)
{
	long result = poll_until(descriptors, count, poll_deadline_ms(timeout));

	return result == -EINTR ? -ERESTARTNOHAND : result;
}

long sys_ppoll(void __user *descriptors, uint64_t count, void __user *timeout,
               const void __user *mask, uint64_t mask_size)
{
	uint64_t deadline;
	long result = poll_deadline(timeout, &deadline);

	if (!result)
		result = mask_begin(mask, mask_size);
	if (result)
		return result;
	result = poll_until(descriptors, count, deadline);
	poll_write_left(timeout, deadline);
	return mask_end(mask, result);
}
