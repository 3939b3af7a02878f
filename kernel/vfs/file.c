/* SPDX-License-Identifier: MIT
 *
 * Open files: references, the position, and the checks that are the same for
 * every kind (open(2), read(2), write(2), lseek(2)).
 */
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/directory_read.h>
#include <kernel/vfs/epoll.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/file_lock.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/vnode.h>
#include <linux/fs.h>
#include <linux/stat.h>

/* read(2): what one call transfers at most on Linux. */
#define TRANSFER_MAX 0x7ffff000UL

static uint64_t open_files;

struct file *file_create(const struct file_ops *ops, uint32_t flags)
{
	struct file *file = heap_alloc(&core_heap, sizeof(*file));

	if (!file)
		return NULL;
	file->ops = ops;
	file->flags = flags;
	file->references = 1;
	mutex_init(&file->offset_lock);
	list_init(&file->epoll_items);
	__atomic_fetch_add(&open_files, 1, __ATOMIC_RELAXED);
	return file;
}

struct file *file_hold(struct file *file)
{
	__atomic_fetch_add(&file->references, 1, __ATOMIC_RELAXED);
	return file;
}

void file_put(struct file *file)
{
	if (!file || __atomic_sub_fetch(&file->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	notify_file(file, file_may_write(file) ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
	if (file->watched)
		epoll_forget(file);
	if (file->locked)
		file_locks_forget(file);
	if (file->ops->close)
		file->ops->close(file);
	vnode_put(file->vnode);
	heap_free(&core_heap, file);
	__atomic_fetch_sub(&open_files, 1, __ATOMIC_RELAXED);
}

uint64_t file_count(void)
{
	return __atomic_load_n(&open_files, __ATOMIC_RELAXED);
}

bool file_may_read(const struct file *file)
{
	uint32_t mode = file->flags & O_ACCMODE;

	return !(file->flags & O_PATH) && (mode == O_RDONLY || mode == O_RDWR);
}

bool file_may_write(const struct file *file)
{
	uint32_t mode = file->flags & O_ACCMODE;

	return !(file->flags & O_PATH) && (mode == O_WRONLY || mode == O_RDWR);
}

bool file_is_stored(const struct file *file)
{
	return file->vnode && (S_ISREG(file->vnode->attr.mode) || S_ISDIR(file->vnode->attr.mode));
}

static uint64_t limited(uint64_t size)
{
	return size < TRANSFER_MAX ? size : TRANSFER_MAX;
}

/* No transfer reaches behind the largest offset, so that an offset and a result may be added. */
static bool is_within_offsets(uint64_t offset, uint64_t size)
{
	return offset <= INT64_MAX && limited(size) <= INT64_MAX - offset;
}

/* Who watches the file hears of what was read or written. */
static long told(struct file *file, uint32_t event, long count)
{
	if (count > 0)
		notify_file(file, event);
	return count;
}

long file_read(struct file *file, void __user *buffer, uint64_t size)
{
	uint64_t none = 0;
	long count;

	if (!file_may_read(file))
		return -EBADF;
	if (!file->ops->read)
		return -EINVAL;
	if (!file->ops->seekable)
		return told(file, IN_ACCESS, file->ops->read(file, buffer, limited(size), &none));
	mutex_lock(&file->offset_lock);
	count = is_within_offsets(file->offset, size)
	                ? file->ops->read(file, buffer, limited(size), &file->offset)
	                : -EINVAL;
	mutex_unlock(&file->offset_lock);
	return told(file, IN_ACCESS, count);
}

long file_write(struct file *file, const void __user *buffer, uint64_t size)
{
	uint64_t none = 0;
	long count;

	if (!file_may_write(file))
		return -EBADF;
	if (!file->ops->write)
		return -EINVAL;
	if (!file->ops->seekable)
		return told(file, IN_MODIFY, file->ops->write(file, buffer, limited(size), &none));
	mutex_lock(&file->offset_lock);
	count = is_within_offsets(file->offset, size)
	                ? file->ops->write(file, buffer, limited(size), &file->offset)
	                : -EINVAL;
	mutex_unlock(&file->offset_lock);
	return told(file, IN_MODIFY, count);
}

long file_append(struct file *file, const void __user *buffer, uint64_t size, bool moves)
{
	uint64_t end = FILE_END;
	long count;

	if (!file_is_stored(file))
		return moves ? file_write(file, buffer, size) : -ESPIPE;
	if (!file_may_write(file))
		return -EBADF;
	mutex_lock(&file->offset_lock);
	count = file->ops->write(file, buffer, limited(size), &end);
	if (count > 0 && moves)
		file->offset = end;
	mutex_unlock(&file->offset_lock);
	return told(file, IN_MODIFY, count);
}

long file_read_at(struct file *file, void __user *buffer, uint64_t size, uint64_t offset)
{
	if (!file_may_read(file))
		return -EBADF;
	if (!file->ops->seekable)
		return -ESPIPE;
	if (!file->ops->read || !is_within_offsets(offset, size))
		return -EINVAL;
	return told(file, IN_ACCESS, file->ops->read(file, buffer, limited(size), &offset));
}

long file_write_at(struct file *file, const void __user *buffer, uint64_t size, uint64_t offset)
{
	if (!file_may_write(file))
		return -EBADF;
	if (!file->ops->seekable)
		return -ESPIPE;
	if (!file->ops->write || !is_within_offsets(offset, size))
		return -EINVAL;
	return told(file, IN_MODIFY, file->ops->write(file, buffer, limited(size), &offset));
}

/* What the offset counts from, or a negative errno. */
static int64_t seek_base(struct file *file, int whence)
{
	struct fs_attr attr;
	int error;

	switch (whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		return (int64_t)file->offset;
	case SEEK_END:
		if (file->ops->end)
			return (int64_t)file->ops->end(file);
		error = file_stat(file, &attr);
		return error ? error : (int64_t)attr.size;
	default:
		return -EINVAL;
	}
}

/* SEEK_DATA, SEEK_HOLE. What has no holes is data up to its end; procfs's files, like Linux', and
 * directories have neither. */
static int64_t seek_contents(struct file *file, int64_t offset, bool data)
{
	uint32_t mode = file->vnode ? file->vnode->attr.mode : 0;
	int64_t end;

	if (S_ISREG(mode) && !(file->vnode->attr.flags & FS_ATTR_DIRECT))
		return vnode_seek(file->vnode, (uint64_t)offset, data);
	if (!S_ISBLK(mode))
		return -EINVAL;
	end = seek_base(file, SEEK_END);
	if (end >= 0 && (uint64_t)offset >= (uint64_t)end)
		return -ENXIO;
	return end < 0 || !data ? end : offset;
}

/* The new position, or a negative errno. */
static int64_t find_position(struct file *file, int64_t offset, int whence)
{
	int64_t base, position;

	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		return seek_contents(file, offset, whence == SEEK_DATA);
	base = seek_base(file, whence);
	if (base < 0)
		return base;
	if (__builtin_add_overflow(base, offset, &position))
		return -EOVERFLOW;
	return position < 0 ? -EINVAL : position;
}

long file_seek(struct file *file, int64_t offset, int whence)
{
	int64_t position;

	if (file->flags & O_PATH)
		return -EBADF;
	if (!file->ops->seekable)
		return -ESPIPE;
	if (file->ops->stays_at_start)
		return 0;
	mutex_lock(&file->offset_lock);
	position = find_position(file, offset, whence);
	if (position >= 0) {
		file->offset = (uint64_t)position;
		file->directory_cookie = (uint64_t)position;
	}
	mutex_unlock(&file->offset_lock);
	return position;
}

void file_set_position(struct file *file, uint64_t position)
{
	mutex_lock(&file->offset_lock);
	file->offset = position;
	mutex_unlock(&file->offset_lock);
}

long file_read_directory(struct file *file, void __user *buffer, uint64_t size, bool old)
{
	long count;

	if (!file_may_read(file))
		return -EBADF;
	if (!file->vnode)
		return -ENOTDIR;
	mutex_lock(&file->offset_lock);
	count = directory_read(file->vnode, &file->directory_cookie, buffer, limited(size), old);
	file->offset = file->directory_cookie;
	mutex_unlock(&file->offset_lock);
	if (count >= 0)
		notify_file(file, IN_ACCESS);
	return count;
}

long file_ioctl(struct file *file, unsigned int command, uint64_t argument)
{
	if (file->flags & O_PATH)
		return -EBADF;
	return file->ops->ioctl ? file->ops->ioctl(file, command, argument) : -ENOTTY;
}

uint32_t file_poll(struct file *file, struct wait_queue **queue)
{
	*queue = NULL;
	if (!file->ops->poll)
		return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
	return file->ops->poll(file, queue);
}

int file_stat(struct file *file, struct fs_attr *attr)
{
	if (file->ops->stat)
		return file->ops->stat(file, attr);
	return file->vnode ? vnode_stat(file->vnode, attr) : -EINVAL;
}

int file_truncate(struct file *file, uint64_t size)
{
	struct fs_attr attr = {.size = size};
	int error;

	if (file->flags & O_PATH)
		return -EBADF;
	if (!file->vnode || !file_may_write(file) || !S_ISREG(file->vnode->attr.mode) ||
	    (int64_t)size < 0)
		return -EINVAL;
	error = resource_check_file_size(file->vnode, size);
	return error ? error : vnode_setattr(file->vnode, &attr, FS_SET_SIZE);
}
