/* SPDX-License-Identifier: MIT */
#include <linux/limits.h>

#include <kernel/vfs/splice.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/signal.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/pipe_ring.h>

static long copy_pieces(struct file *from, uint64_t *from_at, struct file *to, uint64_t *to_at,
                        uint64_t size, char *buffer)
{
	uint64_t done = 0;
	long count = 0, written = 0;

	while (done < size && count == written) {
		uint64_t piece = size - done < PAGE_SIZE ? size - done : PAGE_SIZE;

		/* A signal ends what may be long; what was moved counts. */
		if (done > 0 && signal_pending())
			break;
		count = from->ops->read_kernel(from, buffer, piece, from_at);
		if (count <= 0)
			break;
		written = to->ops->write_kernel(to, buffer, (uint64_t)count, to_at);
		/* What could not be written was not read. */
		*from_at -= (uint64_t)(count - (written > 0 ? written : 0));
		if (written <= 0) {
			count = written;
			break;
		}
		done += (uint64_t)written;
	}
	return done ? (long)done : count;
}

long splice_files(struct file *from, uint64_t *from_at, struct file *to, uint64_t *to_at,
                  uint64_t size)
{
	char *buffer;
	long result;

	if (!from->ops->read_kernel || !to->ops->write_kernel)
		return -EINVAL;
	buffer = heap_alloc(&core_heap, PAGE_SIZE);
	if (!buffer)
		return -ENOMEM;
	result = copy_pieces(from, from_at, to, to_at, size, buffer);
	heap_free(&core_heap, buffer);
	if (result > 0) {
		notify_file(from, IN_ACCESS);
		notify_file(to, IN_MODIFY);
	}
	return result;
}

/* With the pipe's mutex: a count, 0 at the end of the input, or what is wrong. */
static long fill(struct pipe *pipe, struct file *from, uint64_t *from_at, uint64_t size)
{
	uint64_t done = 0, room = pipe_room(pipe);
	long count = 0;

	if (size > room)
		size = room;
	while (done < size) {
		uint64_t at = pipe->written, step = pipe_piece(at, size - done);
		char *place = pipe_place_to_fill(pipe, at);

		count = place ? from->ops->read_kernel(from, place, step, from_at) : -ENOMEM;
		if (count <= 0)
			break;
		__atomic_store_n(&pipe->written, at + (uint64_t)count, __ATOMIC_RELEASE);
		done += (uint64_t)count;
		/* A socket would be waited for. */
		if (!from->ops->seekable)
			break;
	}
	return done ? (long)done : count;
}

long splice_into_pipe(struct file *from, uint64_t *from_at, struct file *to, uint64_t size,
                      bool nonblocking)
{
	struct pipe *pipe = to->state;
	bool had_room = false;
	long result = 0;

	if (!from->ops->read_kernel)
		return -EINVAL;
	while (result == 0 && !had_room) {
		result = pipe_check_readers(pipe);
		if (result)
			break;
		mutex_lock(&pipe->lock);
		had_room = pipe_room(pipe) > 0;
		if (had_room)
			result = fill(pipe, from, from_at, size);
		mutex_unlock(&pipe->lock);
		if (!had_room)
			result = pipe_wait_writable(pipe, 1, nonblocking);
	}
	if (result > 0) {
		pipe_wake_readers(pipe);
		notify_file(from, IN_ACCESS);
	}
	return result;
}

/* With the pipe's mutex. */
static long drain(struct pipe *pipe, struct file *to, uint64_t *to_at, uint64_t size)
{
	uint64_t done = 0, there = pipe_filled(pipe);
	long count = 0;

	if (size > there)
		size = there;
	while (done < size) {
		count = to->ops->write_kernel(to, pipe_place(pipe, pipe->taken),
		                              pipe_piece(pipe->taken, size - done), to_at);
		if (count <= 0)
			break;
		__atomic_store_n(&pipe->taken, pipe->taken + (uint64_t)count, __ATOMIC_RELEASE);
		done += (uint64_t)count;
	}
	return done ? (long)done : count;
}

long splice_from_pipe(struct file *from, struct file *to, uint64_t *to_at, uint64_t size,
                      bool nonblocking)
{
	struct pipe *pipe = from->state;
	bool was_full;
	long result;

	if (!to->ops->write_kernel)
		return -EINVAL;
	do {
		mutex_lock(&pipe->lock);
		was_full = pipe_is_full(pipe);
		result = drain(pipe, to, to_at, size);
		mutex_unlock(&pipe->lock);
		if (result > 0 && was_full)
			pipe_wake_writers(pipe);
		if (result > 0)
			notify_file(to, IN_MODIFY);
		if (result != 0)
			return result;
		result = pipe_wait_readable(pipe, nonblocking);
	} while (result > 0);
	return result;
}

/* With both mutexes: how many of the bytes at the front of one are now in the other, or -ENOMEM. */
static long copy_front(struct pipe *from, struct pipe *to, uint64_t size)
{
	uint64_t done = 0, there = pipe_filled(from), room = pipe_room(to);

	if (size > there)
		size = there;
	if (size > room)
		size = room;
	while (done < size) {
		uint64_t step =
		        pipe_piece(to->written, pipe_piece(from->taken + done, size - done));
		char *place = pipe_place_to_fill(to, to->written);

		if (!place)
			return done ? (long)done : -ENOMEM;
		memcpy(place, pipe_place(from, from->taken + done), step);
		__atomic_store_n(&to->written, to->written + step, __ATOMIC_RELEASE);
		done += step;
	}
	return (long)done;
}

/* Two pipes' mutexes are taken in the order of their addresses. */
static long move(struct pipe *from, struct pipe *to, uint64_t size, bool consume)
{
	struct pipe *first = from < to ? from : to, *second = from < to ? to : from;
	bool was_full;
	long count;

	mutex_lock(&first->lock);
	mutex_lock(&second->lock);
	was_full = pipe_is_full(from);
	count = copy_front(from, to, size);
	if (consume && count > 0)
		__atomic_store_n(&from->taken, from->taken + (uint64_t)count, __ATOMIC_RELEASE);
	mutex_unlock(&second->lock);
	mutex_unlock(&first->lock);
	if (count > 0)
		pipe_wake_readers(to);
	if (consume && count > 0 && was_full)
		pipe_wake_writers(from);
	return count;
}

long splice_pipes(struct file *from_file, struct file *to_file, uint64_t size, bool consume,
                  bool nonblocking)
{
	struct pipe *from = from_file->state, *to = to_file->state;
	long result;

	if (from == to)
		return -EINVAL;
	for (;;) {
		result = pipe_check_readers(to);
		if (result == 0)
			result = move(from, to, size, consume);
		if (result != 0)
			return result;
		/* Nothing there, or no room for it. */
		if (pipe_filled(from) == 0)
			result = pipe_wait_readable(from, nonblocking);
		else
			result = pipe_wait_writable(to, 1, nonblocking) ?: 1;
		if (result <= 0)
			return result;
	}
}

long splice_user(struct file *file, void __user *buffer, uint64_t size, bool into_pipe,
                 bool nonblocking)
{
	struct pipe *pipe = file->state;
	/* What is written in one piece needs room for all of it (pipe(7)). */
	uint64_t wanted = size <= PIPE_BUF ? size : 1;
	long result, wait;

	do {
		result = into_pipe ? pipe_write_user(pipe, buffer, size, true)
		                   : pipe_read_user(pipe, buffer, size, true);
		if (result != -EAGAIN || nonblocking)
			return result;
		wait = into_pipe ? pipe_wait_writable(pipe, wanted, false)
		                 : pipe_wait_readable(pipe, false);
	} while (wait >= 0);
	return wait;
}
