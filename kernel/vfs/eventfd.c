/* SPDX-License-Identifier: MIT
 *
 * eventfd(2): a counter that is read and written.
 */
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/vfs/anonymous_file.h>
#include <kernel/vfs/eventfd.h>
#include <kernel/vfs/file.h>

#define COUNT_MAX (UINT64_MAX - 1)
#define READABLE  (POLLIN | POLLRDNORM)
#define WRITABLE  (POLLOUT | POLLWRNORM)

struct eventfd {
	struct spinlock lock; /* of changes; count is atomic for those who only look */
	uint64_t count;
	bool semaphore;
	struct wait_queue queue;
};

static uint64_t count_of(const struct eventfd *event)
{
	return __atomic_load_n(&event->count, __ATOMIC_ACQUIRE);
}

/* What a read gives: all, or one of a semaphore; 0 when there is nothing. */
static uint64_t take(struct eventfd *event)
{
	uint64_t taken;

	spin_lock(&event->lock);
	taken = event->semaphore && event->count > 0 ? 1 : event->count;
	__atomic_store_n(&event->count, event->count - taken, __ATOMIC_RELEASE);
	spin_unlock(&event->lock);
	return taken;
}

static bool add(struct eventfd *event, uint64_t value)
{
	bool fits;

	spin_lock(&event->lock);
	fits = value <= COUNT_MAX - event->count;
	if (fits)
		__atomic_store_n(&event->count, event->count + value, __ATOMIC_RELEASE);
	spin_unlock(&event->lock);
	return fits;
}

static long eventfd_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct eventfd *event = file->state;
	uint64_t value;

	if (size < sizeof(value))
		return -EINVAL;
	while ((value = take(event)) == 0) {
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&event->queue, count_of(event) != 0, WAIT_INTERRUPTIBLE,
		               WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
	wake_for(&event->queue, WRITABLE);
	return copy_to_user(buffer, &value, sizeof(value)) == 0 ? (long)sizeof(value) : -EFAULT;
}

static long eventfd_write(struct file *file, const void __user *buffer, uint64_t size,
                          uint64_t *offset)
{
	struct eventfd *event = file->state;
	uint64_t value;

	if (size < sizeof(value))
		return -EINVAL;
	if (copy_from_user(&value, buffer, sizeof(value)))
		return -EFAULT;
	if (value == UINT64_MAX)
		return -EINVAL;
	while (!add(event, value)) {
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&event->queue, value <= COUNT_MAX - count_of(event),
		               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
	wake_for(&event->queue, READABLE);
	return sizeof(value);
}

static uint32_t eventfd_poll(struct file *file, struct wait_queue **queue)
{
	struct eventfd *event = file->state;
	uint64_t count = count_of(event);

	*queue = &event->queue;
	return (count > 0 ? READABLE : 0) | (count < COUNT_MAX ? WRITABLE : 0);
}

static const struct file_ops eventfd_ops = {
        .kind = "eventfd",
        .read = eventfd_read,
        .write = eventfd_write,
        .poll = eventfd_poll,
        .stat = anonymous_stat,
        .close = anonymous_close,
};

long eventfd_open(uint32_t count, uint32_t flags)
{
	struct file *file =
	        anonymous_create(&eventfd_ops, sizeof(struct eventfd),
	                         O_RDWR | (flags & ~EVENTFD_SEMAPHORE), "anon_inode:[eventfd]");
	struct eventfd *event;

	if (!file)
		return -ENOMEM;
	event = file->state;
	spin_init(&event->lock, LOCK_RANK_event_file);
	wait_queue_init(&event->queue);
	event->count = count;
	event->semaphore = flags & EVENTFD_SEMAPHORE;
	return anonymous_install(file, flags);
}
