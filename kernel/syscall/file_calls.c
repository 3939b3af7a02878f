/* SPDX-License-Identifier: MIT
 *
 * Calls on descriptors.
 */
#include <aramid/uninitialized.h>
#include <linux/close_range.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/io_count.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/memory_file.h>
#include <kernel/vfs/namespace.h>

/* A larger request is served in part, as on Linux (read(2), NOTES). */
#define TRANSFER_MAX 0x7ffff000UL

#define MEMFD_NAME_MAX 249 /* memfd_create(2): NAME_MAX less Linux' own prefix */

static uint64_t bounded(uint64_t size)
{
	return size < TRANSFER_MAX ? size : TRANSFER_MAX;
}

long sys_read(int fd, void __user *buffer, uint64_t size)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = io_count_read(file_read(file, buffer, bounded(size)));
	file_put(file);
	return result;
}

long sys_write(int fd, const void __user *buffer, uint64_t size)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = io_count_write(file_write(file, buffer, bounded(size)));
	file_put(file);
	return result;
}

long sys_pread64(int fd, void __user *buffer, uint64_t size, int64_t offset)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = offset < 0 ? -EINVAL : file_read_at(file, buffer, bounded(size), (uint64_t)offset);
	file_put(file);
	return io_count_read(result);
}

long sys_pwrite64(int fd, const void __user *buffer, uint64_t size, int64_t offset)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result =
	        offset < 0 ? -EINVAL : file_write_at(file, buffer, bounded(size), (uint64_t)offset);
	file_put(file);
	return io_count_write(result);
}

long sys_openat(int directory, const char __user *path, uint32_t flags, uint32_t mode)
{
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	struct file *file;
	long result = path_argument_get(&argument, directory, path, false);

	if (result)
		return result;
	result = vfs_open(argument.from, argument.path, flags, mode, &file);
	path_argument_put(&argument);
	if (result)
		return result;
	result = file_install(file, 0, flags & O_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result;
}

long sys_open(const char __user *path, uint32_t flags, uint32_t mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

long sys_creat(const char __user *path, uint32_t mode)
{
	return sys_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

long sys_memfd_create(const char __user *name, uint32_t flags)
{
	char text[MEMFD_NAME_MAX + 1];
	long length;

	if (flags & ~(uint32_t)(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	length = copy_string_from_user(text, name, sizeof(text));
	if (length < 0)
		return length == -ENAMETOOLONG ? -EINVAL : length;
	return memory_file_open(text, flags & MFD_ALLOW_SEALING,
	                        flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
}

long sys_close(int fd)
{
	return descriptor_close(fd);
}

long sys_close_range(uint32_t first, uint32_t last, uint32_t flags)
{
	if (first > last || (flags & ~(uint32_t)(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)))
		return -EINVAL;
	/* A table is never shared, so there is nothing to unshare. */
	descriptor_close_range(first, last, flags & CLOSE_RANGE_CLOEXEC);
	return 0;
}

long sys_lseek(int fd, int64_t offset, int whence)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = file_seek(file, offset, whence);
	file_put(file);
	return result;
}

long sys_dup(int fd)
{
	return descriptor_duplicate(fd, 0, false);
}

long sys_dup3(int fd, int to, uint32_t flags)
{
	if (flags & ~(uint32_t)O_CLOEXEC)
		return -EINVAL;
	return descriptor_duplicate_to(fd, to, flags & O_CLOEXEC);
}

long sys_dup2(int fd, int to)
{
	/* Both equal: a test whether it is open. */
	if (fd == to)
		return descriptor_get_flags(fd) < 0 ? -EBADF : to;
	return descriptor_duplicate_to(fd, to, false);
}

long sys_pipe2(void __user *descriptors, uint32_t flags)
{
	struct file *ends[2];
	long fds[2];
	int numbers[2];
	long error;

	if (flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	error = pipe_create(&ends[0], &ends[1], flags);
	if (error)
		return error;
	fds[0] = file_install(ends[0], 0, flags & O_CLOEXEC);
	if (fds[0] < 0) {
		file_put(ends[0]);
		file_put(ends[1]);
		return fds[0];
	}
	fds[1] = file_install(ends[1], 0, flags & O_CLOEXEC);
	if (fds[1] < 0) {
		file_put(ends[1]);
		descriptor_close((int)fds[0]);
		return fds[1];
	}
	numbers[0] = (int)fds[0];
	numbers[1] = (int)fds[1];
	error = copy_to_user(descriptors, numbers, sizeof(numbers));
	if (error) {
		descriptor_close(numbers[0]);
		descriptor_close(numbers[1]);
	}
	return error;
}

long sys_pipe(void __user *descriptors)
{
	return sys_pipe2(descriptors, 0);
}

static long read_directory(int fd, void __user *entries, uint64_t size, bool old)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = file_read_directory(file, entries, bounded(size), old);
	file_put(file);
	return result;
}

long sys_getdents64(int fd, void __user *entries, uint64_t size)
{
	return read_directory(fd, entries, size, false);
}

long sys_getdents(int fd, void __user *entries, uint64_t size)
{
	return read_directory(fd, entries, size, true);
}

long sys_ftruncate(int fd, int64_t size)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = size < 0 ? -EINVAL : file_truncate(file, (uint64_t)size);
	file_put(file);
	return result;
}
