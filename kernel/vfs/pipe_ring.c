/* SPDX-License-Identifier: MIT */
#include <kernel/vfs/pipe_ring.h>

#include <asm/poll.h>
#include <asm/signal.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <linux/limits.h>

char *pipe_place_to_fill(struct pipe *pipe, uint64_t position)
{
	char **page = &pipe->pages[position % PIPE_SIZE / PAGE_SIZE];

	if (!*page)
		*page = heap_alloc(&core_heap, PAGE_SIZE);
	return *page ? pipe_place(pipe, position) : NULL;
}

bool pipe_is_full(const struct pipe *pipe)
{
	return pipe_room(pipe) < PIPE_BUF;
}

void pipe_wake_readers(struct pipe *pipe)
{
	wake_for(&pipe->readable, POLLIN | POLLRDNORM);
}

void pipe_wake_writers(struct pipe *pipe)
{
	wake_for(&pipe->writable, POLLOUT | POLLWRNORM);
	/* A fifo that is open for both is polled at the other queue. */
	if (pipe->vnode)
		wake_for(&pipe->readable, POLLOUT | POLLWRNORM);
}

long pipe_wait_readable(struct pipe *pipe, bool nonblocking)
{
	/* Bytes first, writers second: a last writer may have left bytes. */
	if (pipe_ends(&pipe->writers) == 0)
		return pipe_filled(pipe) != 0;
	if (nonblocking)
		return -EAGAIN;
	if (WAIT_UNTIL(&pipe->readable, pipe_filled(pipe) != 0 || pipe_ends(&pipe->writers) == 0,
	               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
		return -ERESTARTSYS;
	return 1;
}

long pipe_wait_writable(struct pipe *pipe, uint64_t wanted, bool nonblocking)
{
	if (nonblocking)
		return -EAGAIN;
	if (WAIT_UNTIL(&pipe->writable, pipe_room(pipe) >= wanted || pipe_ends(&pipe->readers) == 0,
	               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
		return -ERESTARTSYS;
	return 0;
}

long pipe_check_readers(const struct pipe *pipe)
{
	if (pipe_ends(&pipe->readers) != 0)
		return 0;
	(void)signal_send_to_task(0, current_task()->id, SIGPIPE, NULL);
	return -EPIPE;
}
