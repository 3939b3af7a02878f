/* SPDX-License-Identifier: MIT
 *
 * fcntl(2): a table of commands.
 */
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/syscall/record_lock.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/memory_file.h>
#include <kernel/vfs/pipe.h>

/* What F_SETFL may change (fcntl(2)). */
#define SETTABLE (O_APPEND | O_NONBLOCK | O_NOATIME | O_DIRECT | FASYNC)

static long duplicate(int fd, uint64_t argument)
{
	return descriptor_duplicate(fd, (int)argument, false);
}

static long duplicate_close_on_exec(int fd, uint64_t argument)
{
	return descriptor_duplicate(fd, (int)argument, true);
}

static long get_descriptor_flags(int fd, uint64_t argument)
{
	return descriptor_get_flags(fd);
}

static long set_descriptor_flags(int fd, uint64_t argument)
{
	return descriptor_set_flags(fd, (uint32_t)argument & FD_CLOEXEC);
}

static long get_flags(int fd, uint64_t argument)
{
	struct file *file = file_from_descriptor(fd);
	long flags;

	if (!file)
		return -EBADF;
	/* What only open(2) looks at is not kept (fcntl(2), F_GETFL). */
	flags = file->flags & ~(uint32_t)(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);
	file_put(file);
	return flags;
}

static long set_flags(int fd, uint64_t argument)
{
	struct file *file = file_from_descriptor(fd);

	if (!file)
		return -EBADF;
	__atomic_store_n(&file->flags,
	                 (file->flags & ~(uint32_t)SETTABLE) | ((uint32_t)argument & SETTABLE),
	                 __ATOMIC_RELAXED);
	file_put(file);
	return 0;
}

static long get_lock(int fd, uint64_t argument)
{
	return record_lock_get(fd, argument, false);
}

static long set_lock(int fd, uint64_t argument)
{
	return record_lock_set(fd, argument, false, false);
}

static long wait_for_lock(int fd, uint64_t argument)
{
	return record_lock_set(fd, argument, false, true);
}

static long get_open_lock(int fd, uint64_t argument)
{
	return record_lock_get(fd, argument, true);
}

static long set_open_lock(int fd, uint64_t argument)
{
	return record_lock_set(fd, argument, true, false);
}

static long wait_for_open_lock(int fd, uint64_t argument)
{
	return record_lock_set(fd, argument, true, true);
}

static long get_pipe_size(int fd, uint64_t argument)
{
	struct file *file = file_from_descriptor(fd);
	long result = file ? pipe_size(file) : -EBADF;

	file_put(file);
	return result;
}

static long set_pipe_size(int fd, uint64_t wanted)
{
	struct file *file = file_from_descriptor(fd);
	long result = file ? pipe_resize(file, wanted) : -EBADF;

	file_put(file);
	return result;
}

static long get_seals(int fd, uint64_t argument)
{
	struct file *file = file_from_descriptor(fd);
	long result = -EINVAL;

	if (!file || (file->flags & O_PATH))
		result = -EBADF;
	else if (file->vnode)
		result = vnode_get_seals(file->vnode);
	file_put(file);
	return result;
}

static long add_seals(int fd, uint64_t seals)
{
	struct file *file = file_from_descriptor(fd);
	long result = -EINVAL;

	if (!file || (file->flags & O_PATH))
		result = -EBADF;
	else if (!file_may_write(file))
		result = -EPERM;
	else if (file->vnode && seals <= UINT32_MAX)
		result = vnode_add_seals(file->vnode, (uint32_t)seals);
	file_put(file);
	return result;
}

static const struct {
	int command;
	long (*handle)(int fd, uint64_t argument);
} commands[] = {
        {F_DUPFD, duplicate},
        {F_DUPFD_CLOEXEC, duplicate_close_on_exec},
        {F_GETFD, get_descriptor_flags},
        {F_SETFD, set_descriptor_flags},
        {F_GETFL, get_flags},
        {F_SETFL, set_flags},
        {F_GETLK, get_lock},
        {F_SETLK, set_lock},
        {F_SETLKW, wait_for_lock},
        {F_OFD_GETLK, get_open_lock},
        {F_OFD_SETLK, set_open_lock},
        {F_OFD_SETLKW, wait_for_open_lock},
        {F_GETPIPE_SZ, get_pipe_size},
        {F_SETPIPE_SZ, set_pipe_size},
        {F_GET_SEALS, get_seals},
        {F_ADD_SEALS, add_seals},
};

long sys_fcntl(int fd, int command, uint64_t argument)
{
	unsigned int i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].command == command)
			return commands[i].handle(fd, argument);
	return descriptor_get_flags(fd) < 0 ? -EBADF : -EINVAL;
}
