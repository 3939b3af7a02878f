/* SPDX-License-Identifier: MIT
 *
 * Open files on vnodes: regular files by pages, files of services that keep
 * their own contents by a buffer, directories, and O_PATH handles.
 */
#include <asm/fcntl.h>
#include <kernel/block/disk.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/pipe.h>
#include <kernel/vfs/vnode_contents.h>
#include <linux/stat.h>

/* A direct read or write passes through a buffer of the core's of this size. */
#define BOUNCE_SIZE FS_TRANSFER_MAX

static long read_pages(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	char __user *to = buffer;
	uint64_t total = 0;

	while (total < size) {
		struct page_batch batch;
		uint64_t done = 0, left = 0;

		int error = vnode_pages_to_read(file->vnode, *offset, size - total, &batch);

		if (error)
			return total ? (long)total : error;
		while (done < batch.size && left == 0) {
			void *from;
			uint64_t piece = page_batch_piece(&batch, done, &from);

			if (from)
				left = piece - copy_to_user_partial(to + total + done, from, piece);
			else
				left = piece - clear_user_partial(to + total + done, piece);
			done += piece - left;
		}
		vnode_put_pages(&batch);
		total += done;
		*offset += done;
		if (left)
			return total ? (long)total : -EFAULT;
		if (batch.size == 0)
			break;
	}
	return (long)total;
}

/* Whether the next bytes can be read at all: asked before a file is made longer for them. */
static int probe(const char __user *from, uint64_t size)
{
	char byte;

	if (size > PAGE_BATCH * PAGE_SIZE)
		size = PAGE_BATCH * PAGE_SIZE;
	for (uint64_t at = 0; at < size; at += PAGE_SIZE)
		if (copy_from_user_partial(&byte, from + at, 1) != 1)
			return at ? 0 : -EFAULT;
	return 0;
}

static long write_batch(struct file *file, const char __user *from, uint64_t size, uint64_t *offset,
                        bool append)
{
	struct page_batch batch;
	uint64_t done = 0, left = 0;
	int error = probe(from, size);

	if (!error)
		error = vnode_pages_to_write(file->vnode, *offset, size, append, &batch);
	if (error)
		return error;
	while (done < batch.size && left == 0) {
		void *to;
		uint64_t piece = page_batch_piece(&batch, done, &to);

		left = piece - copy_from_user_partial(to, from + done, piece);
		done += piece - left;
	}
	if (left)
		done = vnode_cut_write(file->vnode, &batch, done);
	else
		vnode_end_write(file->vnode, &batch);
	*offset = batch.offset + done;
	return done ? (long)done : -EFAULT;
}

/* O_DSYNC and O_SYNC: what was written is on the disk when the call returns. */
static long end_write(struct file *file, long written)
{
	int error = written > 0 && (file->flags & O_DSYNC) ? disk_sync_of(file->vnode) : 0;

	return error ? error : written;
}

static long write_pages(struct file *file, const void __user *buffer, uint64_t size,
                        uint64_t *offset)
{
	const char __user *from = buffer;
	uint64_t total = 0;

	while (total < size) {
		long count = write_batch(file, from + total, size - total, offset,
		                         (file->flags & O_APPEND) || *offset == FILE_END);

		if (count == -EFBIG && total == 0)
			return resource_file_too_large();
		if (count < 0)
			return total ? end_write(file, (long)total) : count;
		total += (uint64_t)count;
	}
	return end_write(file, (long)total);
}

static long read_kernel(struct file *file, void *buffer, uint64_t size, uint64_t *offset)
{
	long count = vnode_read(file->vnode, *offset, buffer, size);

	if (count > (long)size)
		count = -EIO; /* more than was asked for: the service is wrong */
	if (count > 0)
		*offset += (uint64_t)count;
	return count;
}

static long write_kernel(struct file *file, const void *buffer, uint64_t size, uint64_t *offset)
{
	long count = vnode_write(file->vnode, *offset, buffer, size);

	if (count > (long)size)
		count = -EIO;
	if (count > 0)
		*offset += (uint64_t)count;
	return end_write(file, count);
}

static const struct file_ops page_file_ops = {
        .kind = "file",
        .seekable = true,
        .read = read_pages,
        .write = write_pages,
        .read_kernel = read_kernel,
        .write_kernel = write_kernel,
};

static long read_direct(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct vnode *vnode = file->vnode;
	char *bounce;
	long count;

	if (size > BOUNCE_SIZE)
		size = BOUNCE_SIZE;
	bounce = heap_alloc(&core_heap, BOUNCE_SIZE);
	if (!bounce)
		return -ENOMEM;
	count = fs_read(vnode->service, vnode->object, *offset, bounce, size);
	if (count > (long)size)
		count = -EIO; /* more than was asked for: the service is wrong */
	if (count > 0 && copy_to_user(buffer, bounce, (size_t)count) != 0)
		count = -EFAULT;
	if (count > 0)
		*offset += (uint64_t)count;
	heap_free(&core_heap, bounce);
	return count;
}

static long write_direct(struct file *file, const void __user *buffer, uint64_t size,
                         uint64_t *offset)
{
	struct vnode *vnode = file->vnode;
	char *bounce;
	long count;

	/* A service knows where its files end, if they do. */
	if (*offset == FILE_END)
		*offset = vnode->attr.size;
	if (size > BOUNCE_SIZE)
		size = BOUNCE_SIZE;
	bounce = heap_alloc(&core_heap, BOUNCE_SIZE);
	if (!bounce)
		return -ENOMEM;
	if (copy_from_user(bounce, buffer, size) != 0)
		count = -EFAULT;
	else
		count = fs_write(vnode->service, vnode->object, *offset, bounce, size);
	if (count > (long)size)
		count = -EIO;
	if (count > 0)
		*offset += (uint64_t)count;
	heap_free(&core_heap, bounce);
	return count;
}

/* Contents that a service makes up are read by those who ask for them alone: sendfile(2) answers
 * EINVAL, as Linux 6.1 does for files of procfs, and programs go over to read(2). */
static const struct file_ops direct_file_ops = {
        .kind = "file",
        .seekable = true,
        .read = read_direct,
        .write = write_direct,
        .write_kernel = write_kernel,
};

static long read_is_directory(struct file *file, void __user *buffer, uint64_t size,
                              uint64_t *offset)
{
	return -EISDIR;
}

static const struct file_ops directory_ops = {
        .kind = "directory",
        .seekable = true,
        .read = read_is_directory,
};

/* open(2), O_PATH: stands for the object, and nothing can be done with its contents. */
static const struct file_ops path_handle_ops = {
        .kind = "path",
};

int vnode_open(struct vnode *vnode, uint32_t flags, struct file **result)
{
	uint32_t mode = vnode->attr.mode;
	const struct file_ops *ops = &path_handle_ops;
	struct file *file;
	int error = 0;

	if (flags & O_PATH)
		ops = &path_handle_ops;
	else if (S_ISREG(mode))
		ops = vnode->attr.flags & FS_ATTR_DIRECT ? &direct_file_ops : &page_file_ops;
	else if (S_ISDIR(mode))
		ops = &directory_ops;
	else if (!S_ISCHR(mode) && !S_ISBLK(mode) && !S_ISFIFO(mode))
		return S_ISLNK(mode) ? -ELOOP : -ENXIO;
	file = file_create(ops, flags);
	if (!file)
		return -ENFILE;
	file->vnode = vnode;
	if (S_ISCHR(mode) && !(flags & O_PATH))
		error = device_open(file, vnode->attr.device);
	if (S_ISBLK(mode) && !(flags & O_PATH))
		error = vnode->attr.device >> 8 == DISK_MAJOR
		                ? disk_open(file, DISK_NUMBER(vnode->attr.device))
		                : -ENXIO;
	if (S_ISFIFO(mode) && !(flags & O_PATH))
		error = pipe_open_fifo(file);
	if (error) {
		file->vnode = NULL; /* the reference stays the caller's */
		file->ops = &path_handle_ops;
		file_put(file);
		return error;
	}
	*result = file;
	return 0;
}
