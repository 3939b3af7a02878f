/* SPDX-License-Identifier: MIT
 *
 * What is inside a pipe: for pipe.c, and for splice.c, which moves bytes between pipes and files
 * without a detour through user memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/user.h>
#include <kernel/lib/list.h>
#include <kernel/sync/mutex.h>
#include <kernel/sync/wait_queue.h>
#include <kernel/vfs/pipe.h>

struct file;
struct vnode;

#define PIPE_PAGES (PIPE_SIZE / PAGE_SIZE)

struct pipe {
	struct mutex lock;       /* the ring's contents */
	uint64_t written, taken; /* bytes since creation; atomic for those who only look */
	uint64_t size; /* bytes that fit, at most PIPE_SIZE; atomic for those who only look */
	uint32_t readers, writers; /* open files; fifo_lock for fifos, else set at creation */
	uint64_t opened_readers, opened_writers; /* ever: what a fifo's open waits for */
	struct wait_queue readable, writable;
	char *pages[PIPE_PAGES]; /* made when first written, kept to the end */
	struct vnode *vnode;     /* of a fifo: whose open files hold it; else NULL */
	struct list link;        /* in fifos: fifo_lock */
	uint64_t number;         /* what fstat(2) calls its inode */
};

static inline uint64_t pipe_filled(const struct pipe *pipe)
{
	return __atomic_load_n(&pipe->written, __ATOMIC_ACQUIRE) -
	       __atomic_load_n(&pipe->taken, __ATOMIC_ACQUIRE);
}

static inline uint64_t pipe_room(const struct pipe *pipe)
{
	return __atomic_load_n(&pipe->size, __ATOMIC_ACQUIRE) - pipe_filled(pipe);
}

static inline uint32_t pipe_ends(const uint32_t *ends)
{
	return __atomic_load_n(ends, __ATOMIC_ACQUIRE);
}

/* The longest piece at a position of the ring that lies in one page. */
static inline uint64_t pipe_piece(uint64_t position, uint64_t size)
{
	uint64_t left = PAGE_SIZE - position % PAGE_SIZE;

	return size < left ? size : left;
}

/* Where a position's byte is. */
static inline char *pipe_place(struct pipe *pipe, uint64_t position)
{
	return pipe->pages[position % PIPE_SIZE / PAGE_SIZE] + position % PAGE_SIZE;
}

/* Where it will be; with the mutex. NULL when memory is out. */
char *pipe_place_to_fill(struct pipe *pipe, uint64_t position);

/* Not even an atomic write fits: who waits for room, waits for no more. */
bool pipe_is_full(const struct pipe *pipe);

/* To be called behind each write; and behind each read that found the pipe full. */
void pipe_wake_readers(struct pipe *pipe);
void pipe_wake_writers(struct pipe *pipe);

/* After a look found no bytes: 1 to look again, 0 at the end of file, -EAGAIN, -ERESTARTSYS. */
long pipe_wait_readable(struct pipe *pipe, bool nonblocking);

/* After a look found no room for so many bytes: 0 to look again, -EAGAIN, -ERESTARTSYS. */
long pipe_wait_writable(struct pipe *pipe, uint64_t wanted, bool nonblocking);

/* 0, or -EPIPE and its signal when nobody will read any more. */
long pipe_check_readers(const struct pipe *pipe);

/* read(2) and write(2). */
long pipe_read_user(struct pipe *pipe, void __user *buffer, uint64_t size, bool nonblocking);
long pipe_write_user(struct pipe *pipe, const void __user *buffer, uint64_t size, bool nonblocking);
