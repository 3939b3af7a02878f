/* SPDX-License-Identifier: MIT
 *
 * select(2), pselect(2): the three sets, turned into poll's entries and back.
 */
#include <asm/poll.h>
#include <linux/time_types.h>
#include <linux/time.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/syscall/poll.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>

#define SET_MAX   1024 /* FD_SETSIZE */
#define WORD_BITS 64

/* What each set asks poll for, and which findings put a bit into it (select(2), NOTES). */
static const struct {
	uint32_t events, found;
} meanings[3] = {
        {POLLIN | POLLRDNORM | POLLRDBAND, POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR},
        {POLLOUT | POLLWRNORM | POLLWRBAND, POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR},
        {POLLPRI, POLLPRI},
};

struct sets {
	uint64_t words[3][SET_MAX / WORD_BITS];
	void __user *user[3];
};

static uint64_t set_bytes(uint32_t count)
{
	return (count + WORD_BITS - 1) / WORD_BITS * sizeof(uint64_t);
}

static bool has(const uint64_t *words, uint32_t fd)
{
	return words[fd / WORD_BITS] >> fd % WORD_BITS & 1;
}

static long read_sets(struct sets *sets, uint32_t count)
{
	unsigned int i;

	memset(sets->words, 0, sizeof(sets->words));
	for (i = 0; i < 3; i++)
		if (sets->user[i] &&
		    copy_from_user(sets->words[i], sets->user[i], set_bytes(count)))
			return -EFAULT;
	return 0;
}

static long read_entries(struct poll_entry *entries, const struct sets *sets, uint32_t count)
{
	uint32_t fd, i;

	for (fd = 0; fd < count; fd++) {
		for (i = 0; i < 3; i++)
			if (has(sets->words[i], fd))
				entries[fd].events |= meanings[i].events;
		if (!entries[fd].events)
			continue;
		entries[fd].file = file_from_descriptor((int)fd);
		if (!entries[fd].file)
			return -EBADF;
	}
	return 0;
}

/* The sets as the user gets them back: how many bits are in them, or -EFAULT. */
static long write_sets(struct sets *sets, const struct poll_entry *entries, uint32_t count)
{
	uint64_t word;
	long total = 0;
	uint32_t i, fd;

	for (i = 0; i < 3; i++) {
		for (fd = 0; fd < count; fd++) {
			word = 1UL << fd % WORD_BITS;
			if (!(sets->words[i][fd / WORD_BITS] & word))
				continue;
			if (entries[fd].found & meanings[i].found)
				total++;
			else
				sets->words[i][fd / WORD_BITS] &= ~word;
		}
		if (sets->user[i] && copy_to_user(sets->user[i], sets->words[i], set_bytes(count)))
			return -EFAULT;
	}
	return total;
}

static long select_until(int count, struct sets *sets, uint64_t deadline)
{
	struct poll_entry *entries;
	uint32_t used;
	long result;

	if (count < 0)
		return -EINVAL;
	/* No descriptor is larger than the table. */
	used = count < FILE_TABLE_SIZE ? (uint32_t)count : FILE_TABLE_SIZE;
	result = read_sets(sets, used);
	if (result)
		return result;
	entries = poll_allocate(used);
	if (!entries)
		return -ENOMEM;
	result = read_entries(entries, sets, used);
	if (result == 0)
		result = poll_wait(entries, used, deadline);
	if (result >= 0)
		result = write_sets(sets, entries, used);
	poll_free(entries, used);
	return result;
}

/* What is left of the time, as Linux gives it back (select(2), "The timeout"). */
static long write_left(void __user *timeout, uint64_t deadline)
{
	uint64_t now = time_now(), left;
	struct __kernel_old_timeval time;

	if (!timeout || deadline == WAIT_FOREVER)
		return 0;
	left = deadline > now ? deadline - now : 0;
	time.tv_sec = (long)(left / NS_PER_SECOND);
	time.tv_usec = (long)(left % NS_PER_SECOND / 1000);
	return copy_to_user(timeout, &time, sizeof(time));
}

long sys_select(int count, void __user *readable, void __user *writable, void __user *exceptional,
                void __user *timeout)
{
	struct sets sets = {.user = {readable, writable, exceptional}};
	struct __kernel_old_timeval time;
	uint64_t deadline = WAIT_FOREVER;
	long result;

	if (timeout) {
		if (copy_from_user(&time, timeout, sizeof(time)))
			return -EFAULT;
		if (time.tv_sec < 0 || time.tv_usec < 0)
			return -EINVAL;
		deadline = time.tv_sec == 0 && time.tv_usec == 0
		                   ? 0
		                   : time_now() + (uint64_t)time.tv_sec * NS_PER_SECOND +
		                             (uint64_t)time.tv_usec * 1000;
	}
	result = select_until(count, &sets, deadline);
	/* The time that is left would be lost by a bad pointer; the result is not. */
	if (write_left(timeout, deadline) && result >= 0)
		result = -EFAULT;
	return result == -EINTR ? -ERESTARTNOHAND : result;
}

long sys_pselect6(int count, void __user *readable, void __user *writable, void __user *exceptional,
                  void __user *timeout, const void __user *mask)
{
	struct sets sets = {.user = {readable, writable, exceptional}};
	struct {
		uint64_t mask, size;
	} argument = {0, 0};
	uint64_t deadline;
	long result = poll_deadline(timeout, &deadline);

	if (!result && mask)
		result = copy_from_user(&argument, mask, sizeof(argument));
	if (!result)
		result = mask_begin((const void __user *)argument.mask, argument.size);
	if (result)
		return result;
	result = select_until(count, &sets, deadline);
	poll_write_left(timeout, deadline);
	return mask_end((const void __user *)argument.mask, result);
}
