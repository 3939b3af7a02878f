/* SPDX-License-Identifier: MIT
 *
 * Pipes: a ring of bytes between two open files (pipe(7)). Data move under the
 * pipe's mutex, since user memory may have to be paged in; who waits, looks at
 * the counters alone, which are atomic.
 */
#include <asm/poll.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <linux/stat.h>
#include <asm/ioctls.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs.h>
#include <kernel/vfs/pipe.h>
#include <kernel/vfs/pipe_ring.h>
#include <kernel/vfs/vnode.h>

#define PIPE_ENDS 2

static struct spinlock fifo_lock = SPINLOCK_INIT(pipe);
static struct list fifos = LIST_INIT(fifos);

static struct pipe *make(void)
{
	static uint64_t last_number;
	struct pipe *pipe = heap_alloc(&core_heap, sizeof(*pipe));

	if (!pipe)
		return NULL;
	pipe->number = __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
	pipe->size = PIPE_SIZE;
	mutex_init(&pipe->lock);
	wait_queue_init(&pipe->readable);
	wait_queue_init(&pipe->writable);
	list_init(&pipe->link);
	return pipe;
}

static void destroy(struct pipe *pipe)
{
	unsigned int i;

	for (i = 0; i < PIPE_PAGES; i++)
		heap_free(&core_heap, pipe->pages[i]);
	heap_free(&core_heap, pipe);
}

/* Take up to size bytes of what is there; with the mutex. A count or -EFAULT. */
static long take(struct pipe *pipe, char __user *buffer, uint64_t size)
{
	uint64_t done = 0, step, copied, there = pipe_filled(pipe);

	if (size > there)
		size = there;
	while (done < size) {
		step = pipe_piece(pipe->taken, size - done);
		copied = copy_to_user_partial(buffer + done, pipe_place(pipe, pipe->taken), step);
		__atomic_store_n(&pipe->taken, pipe->taken + copied, __ATOMIC_RELEASE);
		done += copied;
		if (copied < step)
			return done ? (long)done : -EFAULT;
	}
	return (long)done;
}

long pipe_read_user(struct pipe *pipe, void __user *buffer, uint64_t size, bool nonblocking)
{
	bool was_full;
	long result;

	if (size == 0)
		return 0;
	do {
		mutex_lock(&pipe->lock);
		was_full = pipe_is_full(pipe);
		result = take(pipe, buffer, size);
		mutex_unlock(&pipe->lock);
		if (result > 0 && was_full)
			pipe_wake_writers(pipe);
		if (result != 0)
			return result;
		result = pipe_wait_readable(pipe, nonblocking);
	} while (result > 0);
	return result;
}

static long pipe_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	return pipe_read_user(file->state, buffer, size, file->flags & O_NONBLOCK);
}

/* Put up to size bytes where there is room; with the mutex. A count, -EFAULT or -ENOMEM. What
 * was copied becomes readable at the end, and of an atomic write nothing when it fails. */
static long put(struct pipe *pipe, const char __user *buffer, uint64_t size, bool atomic)
{
	uint64_t done = 0, step, at, room = pipe_room(pipe);
	long error = 0;
	char *to;

	if (size > room)
		size = room;
	while (done < size) {
		at = pipe->written + done;
		to = pipe_place_to_fill(pipe, at);
		step = pipe_piece(at, size - done);
		error = to ? copy_from_user(to, buffer + done, step) : -ENOMEM;
		if (error)
			break;
		done += step;
	}
	if (error && (atomic || done == 0))
		return error;
	__atomic_store_n(&pipe->written, pipe->written + done, __ATOMIC_RELEASE);
	return (long)done;
}

/* One turn of a write: what fits, or 0 when the caller must wait. Up to PIPE_BUF bytes go
 * whole or not at all (pipe(7)). */
static long put_some(struct pipe *pipe, const char __user *buffer, uint64_t size, uint64_t wanted)
{
	long result = 0;

	mutex_lock(&pipe->lock);
	if (pipe_room(pipe) >= wanted)
		result = put(pipe, buffer, size, wanted == size);
	mutex_unlock(&pipe->lock);
	if (result > 0)
		pipe_wake_readers(pipe);
	return result;
}

long pipe_write_user(struct pipe *pipe, const void __user *buffer, uint64_t size, bool nonblocking)
{
	uint64_t done = 0, wanted = size <= PIPE_BUF ? size : 1;
	long result = 0;

	while (done < size && result >= 0) {
		result = pipe_check_readers(pipe);
		if (result == 0)
			result = put_some(pipe, (const char __user *)buffer + done, size - done,
			                  wanted);
		if (result > 0)
			done += (uint64_t)result;
		else if (result == 0)
			result = pipe_wait_writable(pipe, wanted, nonblocking);
	}
	return done ? (long)done : result;
}

static long pipe_write(struct file *file, const void __user *buffer, uint64_t size,
                       uint64_t *offset)
{
	return pipe_write_user(file->state, buffer, size, file->flags & O_NONBLOCK);
}

static uint32_t read_poll(struct file *file, struct wait_queue **queue)
{
	struct pipe *pipe = file->state;

	*queue = &pipe->readable;
	return (pipe_filled(pipe) ? POLLIN | POLLRDNORM : 0) |
	       (pipe_ends(&pipe->writers) == 0 ? POLLHUP : 0);
}

static uint32_t write_poll(struct file *file, struct wait_queue **queue)
{
	struct pipe *pipe = file->state;

	*queue = &pipe->writable;
	return (pipe_is_full(pipe) ? 0 : POLLOUT | POLLWRNORM) |
	       (pipe_ends(&pipe->readers) == 0 ? POLLERR : 0);
}

/* A fifo opened for both (fifo(7)): one queue must do, and readers' wake-ups matter more. */
static uint32_t both_poll(struct file *file, struct wait_queue **queue)
{
	struct wait_queue *unused;

	return read_poll(file, queue) | write_poll(file, &unused);
}

static long pipe_ioctl(struct file *file, unsigned int command, uint64_t argument)
{
	struct pipe *pipe = file->state;
	int bytes = (int)pipe_filled(pipe);

	if (command != FIONREAD)
		return -ENOTTY;
	return copy_to_user((void __user *)argument, &bytes, sizeof(bytes));
}

static int pipe_stat(struct file *file, struct fs_attr *attr)
{
	const struct process *self = current_process();

	if (file->vnode)
		return vnode_stat(file->vnode, attr);
	memset(attr, 0, sizeof(*attr));
	attr->object = ((struct pipe *)file->state)->number;
	attr->mode = S_IFIFO | 0600;
	attr->links = 1;
	attr->uid = self->credentials.user.effective;
	attr->gid = self->credentials.group.effective;
	return 0;
}

/* One end fewer; the last one takes the pipe with it. */
static void drop(struct pipe *pipe, bool reads, bool writes)
{
	uint32_t left;

	spin_lock(&fifo_lock);
	if (reads)
		__atomic_sub_fetch(&pipe->readers, 1, __ATOMIC_RELEASE);
	if (writes)
		__atomic_sub_fetch(&pipe->writers, 1, __ATOMIC_RELEASE);
	left = pipe->readers + pipe->writers;
	if (left == 0)
		list_remove(&pipe->link);
	else {
		wake_all(&pipe->readable);
		wake_all(&pipe->writable);
	}
	spin_unlock(&fifo_lock);
	if (left == 0)
		destroy(pipe);
}

static void read_close(struct file *file)
{
	drop(file->state, true, false);
}

static void write_close(struct file *file)
{
	drop(file->state, false, true);
}

static void both_close(struct file *file)
{
	drop(file->state, true, true);
}

static const struct file_ops read_ops = {
        .kind = "pipe",
        .read = pipe_read,
        .ioctl = pipe_ioctl,
        .poll = read_poll,
        .stat = pipe_stat,
        .close = read_close,
};

static const struct file_ops write_ops = {
        .kind = "pipe",
        .write = pipe_write,
        .ioctl = pipe_ioctl,
        .poll = write_poll,
        .stat = pipe_stat,
        .close = write_close,
};

static const struct file_ops both_ops = {
        .kind = "pipe",
        .read = pipe_read,
        .write = pipe_write,
        .ioctl = pipe_ioctl,
        .poll = both_poll,
        .stat = pipe_stat,
        .close = both_close,
};

bool file_is_pipe(const struct file *file)
{
	return file->ops == &read_ops || file->ops == &write_ops || file->ops == &both_ops;
}

long pipe_size(const struct file *file)
{
	const struct pipe *pipe = file->state;

	return file_is_pipe(file) ? (long)__atomic_load_n(&pipe->size, __ATOMIC_ACQUIRE) : -EBADF;
}

/* Whole pages, a power of two of them, as Linux' pipes have. */
static uint64_t size_for(uint64_t wanted)
{
	uint64_t size = PAGE_SIZE;

	while (size < wanted)
		size *= 2;
	return size;
}

long pipe_resize(struct file *file, uint64_t wanted)
{
	struct pipe *pipe = file->state;
	uint64_t size;
	bool grows;

	if (!file_is_pipe(file))
		return -EBADF;
	if (wanted > PIPE_SIZE)
		return wanted > INT32_MAX ? -EINVAL : -EPERM;
	size = size_for(wanted);
	mutex_lock(&pipe->lock);
	if (pipe_filled(pipe) > size) {
		mutex_unlock(&pipe->lock);
		return -EBUSY;
	}
	grows = size > pipe->size;
	__atomic_store_n(&pipe->size, size, __ATOMIC_RELEASE);
	mutex_unlock(&pipe->lock);
	if (grows)
		pipe_wake_writers(pipe);
	return (long)size;
}

uint64_t pipe_pages(const struct file *file)
{
	const struct pipe *pipe = file->state;
	uint64_t pages = 0;

	if (!file_is_pipe(file))
		return 0;
	for (unsigned int i = 0; i < PIPE_PAGES; i++)
		pages += __atomic_load_n(&pipe->pages[i], __ATOMIC_RELAXED) != NULL;
	return pages / PIPE_ENDS;
}

int pipe_create(struct file **read_end, struct file **write_end, uint32_t flags)
{
	struct pipe *pipe = make();
	struct file *reader, *writer;

	if (!pipe)
		return -ENOMEM;
	reader = file_create(&read_ops, O_RDONLY | (flags & O_NONBLOCK));
	if (!reader) {
		destroy(pipe);
		return -ENOMEM;
	}
	reader->state = pipe;
	pipe->readers = 1;
	writer = file_create(&write_ops, O_WRONLY | (flags & O_NONBLOCK));
	if (!writer) {
		file_put(reader);
		return -ENOMEM;
	}
	writer->state = pipe;
	pipe->writers = 1;
	*read_end = reader;
	*write_end = writer;
	return 0;
}

/* Whom an opener waits for, seen under the lock together with its own arrival: a partner
 * that comes and leaves again right after that counts as well. */
struct partner {
	bool is_there;
	uint64_t opened_before;
};

/* The pipe behind a fifo, with the new ends counted; made is used when there is none yet. */
static struct pipe *join(struct file *file, struct pipe *made, bool reads, bool writes,
                         struct partner *partner)
{
	struct list *link, *scratch;
	struct pipe *pipe = NULL;

	spin_lock(&fifo_lock);
	list_for_each(link, scratch, &fifos)
	{
		pipe = list_entry(link, struct pipe, link);
		if (pipe->vnode == file->vnode)
			break;
		pipe = NULL;
	}
	if (!pipe) {
		pipe = made;
		pipe->vnode = file->vnode;
		list_add_tail(&fifos, &pipe->link);
	}
	pipe->readers += reads;
	pipe->writers += writes;
	pipe->opened_readers += reads;
	pipe->opened_writers += writes;
	partner->is_there = reads ? pipe->writers != 0 : pipe->readers != 0;
	partner->opened_before = reads ? pipe->opened_writers : pipe->opened_readers;
	wake_all(&pipe->readable);
	wake_all(&pipe->writable);
	spin_unlock(&fifo_lock);
	return pipe;
}

/* Until the other side was opened: 0, -ENXIO, -ERESTARTSYS. A reader that may not block does
 * not need one, a writer does (fifo(7)). */
static int wait_for_partner(struct pipe *pipe, const struct file *file, bool reads,
                            const struct partner *partner)
{
	const uint64_t *opened = reads ? &pipe->opened_writers : &pipe->opened_readers;

	if (partner->is_there)
		return 0;
	if (file->flags & O_NONBLOCK)
		return reads ? 0 : -ENXIO;
	if (WAIT_UNTIL(reads ? &pipe->readable : &pipe->writable,
	               __atomic_load_n(opened, __ATOMIC_ACQUIRE) != partner->opened_before,
	               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
		return -ERESTARTSYS;
	return 0;
}

static const struct file_ops *ops_for(bool reads, bool writes)
{
	return reads && writes ? &both_ops : reads ? &read_ops : &write_ops;
}

int pipe_reopen(struct file *file, uint32_t flags, struct file **result)
{
	bool reads = (flags & O_ACCMODE) != O_WRONLY, writes = (flags & O_ACCMODE) != O_RDONLY;
	struct pipe *pipe = file->state;
	struct file *another;

	if (file->ops->close != read_close && file->ops->close != write_close &&
	    file->ops->close != both_close)
		return -ENXIO;
	another = file_create(ops_for(reads, writes), flags);
	if (!another)
		return -ENOMEM;
	/* The caller's file keeps the pipe meanwhile. */
	spin_lock(&fifo_lock);
	pipe->readers += reads;
	pipe->writers += writes;
	spin_unlock(&fifo_lock);
	another->state = pipe;
	*result = another;
	return 0;
}

int pipe_open_fifo(struct file *file)
{
	uint32_t access = file->flags & O_ACCMODE;
	bool reads = access != O_WRONLY, writes = access != O_RDONLY;
	struct pipe *made = make(), *pipe;
	struct partner partner;
	int error;

	if (!made)
		return -ENOMEM;
	pipe = join(file, made, reads, writes, &partner);
	if (pipe != made)
		destroy(made);
	error = wait_for_partner(pipe, file, reads, &partner);
	if (error) {
		drop(pipe, reads, writes);
		return error;
	}
	file->ops = ops_for(reads, writes);
	file->state = pipe;
	return 0;
}
