/* SPDX-License-Identifier: MIT
 *
 * Calls about where a file's contents are kept: syncing, advice, space made ready.
 */
#include <linux/fadvise.h>
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>

#include <kernel/lib/errno.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/pipe.h>
#include <kernel/vfs/vnode.h>

static long check_synced(int fd)
{
	struct file *file = file_from_descriptor(fd);
	long result = 0;

	if (!file || (file->flags & O_PATH))
		result = -EBADF;
	else if (file->ops->sync)
		result = file->ops->sync(file);
	else if (!file_is_stored(file))
		result = -EINVAL;
	else
		result = disk_sync_of(file->vnode);
	file_put(file);
	return result;
}

long sys_fsync(int fd)
{
	return check_synced(fd);
}

long sys_fdatasync(int fd)
{
	return check_synced(fd);
}

long sys_syncfs(int fd)
{
	struct file *file = file_from_descriptor(fd);
	long result = file ? 0 : -EBADF;

	if (file && file->vnode)
		result = disk_sync_of(file->vnode);
	file_put(file);
	return result;
}

long sys_sync(void)
{
	(void)disk_sync_all();
	return 0;
}

/* Advice that is not taken (posix_fadvise(2)). */
long sys_fadvise64(int fd, int64_t offset, int64_t size, int advice)
{
	struct file *file = file_from_descriptor(fd);
	long result = 0;

	if (!file || (file->flags & O_PATH))
		result = -EBADF;
	else if (file_is_pipe(file))
		result = -ESPIPE;
	else if (size < 0 || advice < 0 || advice > POSIX_FADV_NOREUSE)
		result = -EINVAL;
	file_put(file);
	return result;
}

static bool is_regular(const struct file *file)
{
	return file->vnode && S_ISREG(file->vnode->attr.mode);
}

/* Contents are in memory: there is nothing to read ahead (readahead(2)). */
long sys_readahead(int fd, int64_t offset, uint64_t size)
{
	struct file *file = file_from_descriptor(fd);
	long result = 0;

	if (!file || !file_may_read(file))
		result = -EBADF;
	else if (!is_regular(file))
		result = -EINVAL;
	file_put(file);
	return result;
}

long sys_sync_file_range(int fd, int64_t offset, int64_t size, uint32_t flags)
{
	struct file *file = file_from_descriptor(fd);
	long result = 0;
	int64_t end;

	if (!file || (file->flags & O_PATH))
		result = -EBADF;
	else if ((flags & ~(uint32_t)(SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
	                              SYNC_FILE_RANGE_WAIT_AFTER)) ||
	         offset < 0 || size < 0 || __builtin_add_overflow(offset, size, &end))
		result = -EINVAL;
	else if (!file_is_stored(file))
		result = -ESPIPE;
	else if (flags & SYNC_FILE_RANGE_WAIT_AFTER)
		result = disk_sync_of(file->vnode);
	file_put(file);
	return result;
}

/* What can be done: 0 to have room, or holes made in it. The other ways of fallocate(2) are
 * -EOPNOTSUPP, as on any file system that lacks them. */
static long check_allocation(const struct file *file, uint32_t mode, int64_t offset, int64_t size)
{
	int64_t end;

	if (offset < 0 || size <= 0)
		return -EINVAL;
	if (mode != 0 && mode != FALLOC_FL_KEEP_SIZE &&
	    mode != (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if (!file_may_write(file))
		return -EBADF;
	if (file_is_pipe(file))
		return -ESPIPE;
	if (file->vnode && S_ISDIR(file->vnode->attr.mode))
		return -EISDIR;
	if (!is_regular(file))
		return -ENODEV;
	return __builtin_add_overflow(offset, size, &end) ? -EFBIG : 0;
}

long sys_fallocate(int fd, uint32_t mode, int64_t offset, int64_t size)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = check_allocation(file, mode, offset, size);
	if (!result && (mode & FALLOC_FL_PUNCH_HOLE))
		result = vnode_clear(file->vnode, (uint64_t)offset, (uint64_t)size);
	else if (!result)
		result = vnode_allocate(file->vnode, (uint64_t)offset, (uint64_t)size,
		                        mode & FALLOC_FL_KEEP_SIZE);
	if (!result)
		notify_file(file, IN_MODIFY);
	file_put(file);
	return result;
}
