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

#define FILE_END UINT64_MAX /* as an offset to write at: where the file ends then (O_APPEND) */

struct file_ops {
	const char *kind;
	/* The file has a position: reads and writes at it take turns (offset_lock). Without it
	 * lseek, pread and pwrite answer -ESPIPE. */
	bool seekable;
	/* But it has no place to be sought: lseek leaves the position at 0. */
	bool stays_at_start;
	/* offset: where; moved on by the count. Buffers are the user's. A count,
	 * or a negative errno. NULL entries answer -EINVAL (-ENOTTY for ioctl). */
	long (*read)(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset);
	long (*write)(struct file *file, const void __user *buffer, uint64_t size,
	              uint64_t *offset);
	/* The same with the kernel's memory (splice(2) and its kin), where a kind has that. The
	 * position is not locked. */
	long (*read_kernel)(struct file *file, void *buffer, uint64_t size, uint64_t *offset);
	long (*write_kernel)(struct file *file, const void *buffer, uint64_t size,
	                     uint64_t *offset);
	long (*ioctl)(struct file *file, unsigned int command, uint64_t argument);
	/* POLL* that hold now (poll(2)); *queue: who wakes when that changes. NULL for what is
	 * always ready, which epoll(7) refuses. */
	uint32_t (*poll)(struct file *file, struct wait_queue **queue);
	int (*stat)(struct file *file, struct fs_attr *attr);
	/* What was written is on its medium (fsync(2)). */
	int (*sync)(struct file *file);
	/* Where SEEK_END is, where that is not the size of the vnode. */
	uint64_t (*end)(const struct file *file);
	/* The last descriptor is gone. */
	void (*close)(struct file *file);
	/* readv(2) and writev(2) where they are more than a transfer a segment: for messages. */
	long (*transfer_vector)(struct file *file, const void __user *vector, uint64_t count,
	                        bool is_write);
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
	bool locked;             /* it has had locks of its own (file_lock.h); atomic */
	bool watched;            /* it has been in an interest list (epoll.h) */
	struct list epoll_items; /* there: the registry of epoll.c */
	char path[256];          /* as opened, absolute, for /proc and cwd */
};

/* ---- kernel/vfs/file.c: what read(2) and its kin do with an open file ---- */

struct file *file_create(const struct file_ops *ops, uint32_t flags); /* NULL: memory is out */
struct file *file_hold(struct file *file);
void file_put(struct file *file);
uint64_t file_count(void);

/* At the file's position, which moves. -EBADF when not opened for it. */
long file_read(struct file *file, void __user *buffer, uint64_t size);
long file_write(struct file *file, const void __user *buffer, uint64_t size);
/* At an offset (pread(2), pwrite(2)): -ESPIPE for pipes and terminals. */
long file_read_at(struct file *file, void __user *buffer, uint64_t size, uint64_t offset);
long file_write_at(struct file *file, const void __user *buffer, uint64_t size, uint64_t offset);
/* At the end of a regular file. moves: the position goes there, and other kinds of file are
 * written to as by file_write; else these are -ESPIPE. */
long file_append(struct file *file, const void __user *buffer, uint64_t size, bool moves);
/* Whether it was opened for it. */
bool file_may_read(const struct file *file);
bool file_may_write(const struct file *file);
/* lseek(2): the new position. */
long file_seek(struct file *file, int64_t offset, int whence);
void file_set_position(struct file *file, uint64_t position);
/* getdents64(2), or getdents(2): bytes written, 0 at the end. */
long file_read_directory(struct file *file, void __user *buffer, uint64_t size, bool old);
long file_ioctl(struct file *file, unsigned int command, uint64_t argument);
uint32_t file_poll(struct file *file, struct wait_queue **queue);
/* fstat(2). */
int __must_check file_stat(struct file *file, struct fs_attr *attr);
/* Whether it is a file or directory of a file system, and no device, pipe or the like. */
bool file_is_stored(const struct file *file);
/* ftruncate(2). */
int __must_check file_truncate(struct file *file, uint64_t size);

/* An open file on a vnode that may be opened (permissions are the caller's to check): takes
 * over the reference to the vnode when it succeeds. Devices are opened through device_open. */
int __must_check vnode_open(struct vnode *vnode, uint32_t flags, struct file **file);

/* ---- kernel/vfs/file_table.c: descriptors ---- */

#define FILE_TABLE_SIZE 1024 /* descriptors of a process at most; a power of two */

struct file_table; /* descriptors of a process */
struct file_table *file_table_create(void);
struct file_table *file_table_fork(struct file_table *table);
void file_table_destroy(struct file_table *table);
void file_table_close_on_exec(struct file_table *table);

/* The lowest open descriptor from a number on, which is the answer, and its file with a reference:
 * -ENOENT when there is none. Does not sleep. */
int file_table_next(struct file_table *table, int from, struct file **file);

/* The core's pages behind its descriptors that nobody else counts: those of pipes and sockets. */
uint64_t file_table_pages(struct file_table *table);

/* One more thing, or one less (-1), for which it matters that some process closes some descriptor:
 * as long as there is none, closing looks for none. */
void file_table_attend_closes(int64_t more);

/* The file of a descriptor of the calling process with a reference, or NULL (EBADF). */
struct file *file_from_descriptor(int descriptor);
/* The lowest free descriptor >= from now stands for file (takes over its reference):
 * the descriptor, or -EMFILE (the reference stays the caller's), -EINVAL for from. */
long file_install(struct file *file, int from, bool close_on_exec);

/* close(2): 0 or -EBADF. */
long descriptor_close(int descriptor);
/* dup(2) and fcntl(2) F_DUPFD: the lowest free descriptor >= from. -EBADF, -EMFILE, -EINVAL. */
long descriptor_duplicate(int descriptor, int from, bool close_on_exec);
/* dup3(2): to now stands for the same file. Both equal: -EINVAL. */
long descriptor_duplicate_to(int descriptor, int to, bool close_on_exec);
/* FD_CLOEXEC or 0 (fcntl(2) F_GETFD, F_SETFD); -EBADF. */
long descriptor_get_flags(int descriptor);
long descriptor_set_flags(int descriptor, uint32_t flags);
/* close_range(2): every descriptor of [first, last]. */
void descriptor_close_range(unsigned int first, unsigned int last, bool on_exec_only);

/* A pipe's two ends, one reference each: 0 or -ENOMEM (kernel/vfs/pipe.c). */
int pipe_create(struct file **read_end, struct file **write_end, uint32_t flags);

/* The supervisor's control, /dev/supervisor (kernel/boundary/control.c). */
extern const struct file_ops supervisor_control_ops;

/* The file behind a character device (kernel/vfs/devices.c) whose vnode file->vnode is: 0 or
 * -ENXIO. Sets file->ops. */
int device_open(struct file *file, uint32_t device);
/* The same for terminals (kernel/tty/terminal.c). */
int terminal_open(struct file *file);
