/* SPDX-License-Identifier: MIT */
#include <asm/poll.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/poll.h>
#include <kernel/time/time.h>

#define NS_PER_MS 1000000UL

struct poll_entry *poll_allocate(uint32_t count)
{
	return heap_alloc(&core_heap, count ? count * sizeof(struct poll_entry) : 1);
}

void poll_free(struct poll_entry *entries, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (entries[i].file)
			file_put(entries[i].file);
	heap_free(&core_heap, entries);
}

static long look(struct poll_entry *entries, uint32_t count)
{
	long ready = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (!entries[i].file)
			continue;
		entries[i].found = file_poll(entries[i].file, &entries[i].queue) &
		                   (entries[i].events | POLLERR | POLLHUP);
		ready += entries[i].found != 0;
	}
	return ready;
}

/* A thread that any of its entries' watches wakes. */
struct poll_sleeper {
	struct wait_queue queue;
	bool woken; /* atomic */
};

static void notify(struct waiter *watch, uint32_t events)
{
	const struct poll_entry *entry = list_entry(watch, struct poll_entry, watch);

	if (!(events & (entry->events | POLLERR | POLLHUP)))
		return;
	__atomic_store_n(&entry->sleeper->woken, true, __ATOMIC_RELEASE);
	wake_all(&entry->sleeper->queue);
}

/* Files that are always ready have no queue. */
static void begin(struct poll_entry *entries, uint32_t count, struct poll_sleeper *sleeper)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		entries[i].sleeper = sleeper;
		if (entries[i].queue)
			watch_begin(entries[i].queue, &entries[i].watch, notify);
	}
}

static void end(struct poll_entry *entries, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (entries[i].queue)
			watch_end(&entries[i].watch);
}

long poll_wait(struct poll_entry *entries, uint32_t count, uint64_t deadline)
{
	struct poll_sleeper sleeper;
	long ready = look(entries, count);
	int error = 0;

	if (ready != 0 || deadline == 0)
		return ready;
	wait_queue_init_inner(&sleeper.queue, LOCK_RANK_poll_sleeper);
	begin(entries, count, &sleeper);
	/* Watch everywhere, look again, sleep then: no wake-up is lost. What became true while we
	 * were told to stop still counts. */
	for (;;) {
		__atomic_store_n(&sleeper.woken, false, __ATOMIC_SEQ_CST);
		ready = look(entries, count);
		if (ready != 0 || error != 0)
			break;
		error = WAIT_UNTIL(&sleeper.queue,
		                   __atomic_load_n(&sleeper.woken, __ATOMIC_ACQUIRE),
		                   WAIT_INTERRUPTIBLE, deadline);
	}
	end(entries, count);
	return ready == 0 && error == -EINTR ? -EINTR : ready;
}

uint64_t poll_deadline_ms(int timeout)
{
	if (timeout <= 0)
		return timeout == 0 ? 0 : WAIT_FOREVER;
	return time_now() + (uint64_t)timeout * NS_PER_MS;
}

long poll_deadline(const void __user *timeout, uint64_t *deadline)
{
	struct __kernel_timespec time;

	*deadline = WAIT_FOREVER;
	if (!timeout)
		return 0;
	if (copy_from_user(&time, timeout, sizeof(time)))
		return -EFAULT;
	if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= (long)NS_PER_SECOND)
		return -EINVAL;
	if (time.tv_sec == 0 && time.tv_nsec == 0)
		*deadline = 0;
	else if ((uint64_t)time.tv_sec < UINT64_MAX / NS_PER_SECOND / 2)
		*deadline =
		        time_now() + (uint64_t)time.tv_sec * NS_PER_SECOND + (uint64_t)time.tv_nsec;
	return 0;
}

void poll_write_left(void __user *timeout, uint64_t deadline)
{
	uint64_t now = time_now(), left = deadline > now ? deadline - now : 0;
	struct __kernel_timespec time = {
	        .tv_sec = (int64_t)(left / NS_PER_SECOND),
	        .tv_nsec = (int64_t)(left % NS_PER_SECOND),
	};
	int error = 0;

	if (timeout && deadline != WAIT_FOREVER)
		error = copy_to_user(timeout, &time, sizeof(time));
	(void)error;
}

long mask_begin(const void __user *mask, uint64_t mask_size)
{
	struct task_signals *signals = &current_task()->signals;
	uint64_t blocked;

	if (!mask)
		return 0;
	if (mask_size != sizeof(blocked))
		return -EINVAL;
	if (copy_from_user(&blocked, mask, sizeof(blocked)))
		return -EFAULT;
	signals->saved_mask = signals->blocked;
	signal_set_mask(blocked);
	return 0;
}

long mask_end(const void __user *mask, long result)
{
	struct task_signals *signals = &current_task()->signals;

	if (mask && result == -EINTR)
		signals->restore_mask = true;
	else if (mask)
		signal_set_mask(signals->saved_mask);
	return result == -EINTR ? -ERESTARTNOHAND : result;
}
