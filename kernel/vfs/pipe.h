/* SPDX-License-Identifier: MIT
 *
 * Pipes as such, and named ones (fifo(7)); pipe_create of file.h makes those without a name.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct file;

#define PIPE_SIZE 65536 /* bytes that fit into one, at most and to begin with */

/* Whether it is an end of a pipe, named or not. */
bool file_is_pipe(const struct file *file);

/* One end's share of the pages that a pipe holds; 0 when the file is none. Counted without a
 * lock. */
uint64_t pipe_pages(const struct file *file);

/* How many bytes fit into the pipe of a file (fcntl(2), F_GETPIPE_SZ); -EBADF when it is none. */
long pipe_size(const struct file *file);
/* From now on as many as wanted or a few more: the new size, -EBADF, -EBUSY when more are in it,
 * -EINVAL for what is no size, -EPERM above PIPE_SIZE. May sleep. */
long pipe_resize(struct file *file, uint64_t wanted);

/* Open file->vnode, which is a fifo: sets file->ops and state. Waits for the other end as
 * fifo(7) says. 0, -ENXIO, -ERESTARTSYS, -ENOMEM. */
int pipe_open_fifo(struct file *file);

/* Another open file on the pipe of one (/proc/self/fd), without waiting for the other end: 0,
 * -ENXIO when it is no pipe, -ENOMEM. */
int __must_check pipe_reopen(struct file *file, uint32_t flags, struct file **result);
