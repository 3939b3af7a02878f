/* SPDX-License-Identifier: MIT
 *
 * Open files and descriptors (open(2), dup(2), fcntl(2)). An open file is of one
 * kind: vnode contents, pipe end, terminal, character device; the kind's
 * operations are this table. All may sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/user.h>
#include <kernel/sync/mutex.h>
#include <kernel/sync/wait_queue.h>

struct file;
struct vnode;
struct fs_attr;

struct file_ops {
	const char *kind;
	/* offset: where; moved on by the count. Buffers are the user's. A count,
	 * or a negative errno. NULL entries answer -EINVAL (-ENOTTY for ioctl). */
	long (*read)(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset);
	long (*write)(struct file *file, const void __user *buffer, uint64_t size, uint64_t *offset);
	long (*ioctl)(struct file *file, unsigned int command, uint64_t argument);
	/* POLL* that hold now (poll(2)); *queue: who wakes when that changes. */
	uint32_t (*poll)(struct file *file, struct wait_queue **queue);
	int (*stat)(struct file *file, struct fs_attr *attr);
	/* The last descriptor is gone. */
	void (*close)(struct file *file);
};

struct file {
	const struct file_ops *ops;
	uint32_t references; /* atomic */
	uint32_t flags;      /* O_ACCMODE, O_APPEND, O_NONBLOCK … */
	uint64_t offset;     /* offset_lock */
	struct mutex offset_lock;
	struct vnode *vnode; /* one reference; NULL for pipes */
	void *state;         /* the kind's own (pipe, terminal) */
	uint64_t directory_cookie;
	char path[256];      /* as opened, absolute, for /proc and cwd */
};

struct file *file_create(const struct file_ops *ops, uint32_t flags); /* NULL: memory is out */
struct file *file_hold(struct file *file);
void file_put(struct file *file);
uint64_t file_count(void);

#define FILE_TABLE_SIZE 256

struct file_table; /* descriptors of a process */
struct file_table *file_table_create(void);
struct file_table *file_table_fork(struct file_table *table);
void file_table_destroy(struct file_table *table);
void file_table_close_on_exec(struct file_table *table);

/* The file of a descriptor of the calling process with a reference, or NULL (EBADF). */
struct file *file_from_descriptor(int descriptor);
/* The lowest free descriptor >= from now stands for file (takes over its reference):
 * the descriptor, or -EMFILE (the reference stays the caller's). */
long file_install(struct file *file, int from, bool close_on_exec);

/* A pipe's two ends, one reference each: 0 or -ENOMEM (kernel/vfs/pipe.c). */
int pipe_create(struct file **read_end, struct file **write_end, uint32_t flags);

/* The file behind a character device (kernel/tty, kernel/vfs/devices.c): 0 or -ENXIO. */
int device_open(struct file *file, uint32_t device);
