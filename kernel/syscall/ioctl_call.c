/* SPDX-License-Identifier: MIT
 *
 * ioctl(2): what is asked of a descriptor, or of any file, is answered here; the rest by the file's
 * kind.
 */
#include <asm/ioctls.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs.h>
#include <kernel/vfs/vnode.h>

static long set_nonblocking(struct file *file, uint64_t argument)
{
	int wanted;

	if (copy_from_user(&wanted, (const void __user *)argument, sizeof(wanted)))
		return -EFAULT;
	if (wanted)
		__atomic_fetch_or(&file->flags, (uint32_t)O_NONBLOCK, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&file->flags, ~(uint32_t)O_NONBLOCK, __ATOMIC_RELAXED);
	return 0;
}

/* What is left to read of a regular file (FIONREAD(2const)). */
static long get_rest(struct file *file, uint64_t argument)
{
	struct fs_attr attr;
	int rest, error = file_stat(file, &attr);

	if (error)
		return error;
	rest = (int)(attr.size - file->offset);
	return copy_to_user((void __user *)argument, &rest, sizeof(rest));
}

static long control(int fd, struct file *file, uint32_t command, uint64_t argument)
{
	if (file->flags & O_PATH)
		return -EBADF;
	switch (command) {
	case FIOCLEX:
		return descriptor_set_flags(fd, FD_CLOEXEC);
	case FIONCLEX:
		return descriptor_set_flags(fd, 0);
	case FIONBIO:
		return set_nonblocking(file, argument);
	case FIONREAD:
		if (file->vnode && S_ISREG(file->vnode->attr.mode))
			return get_rest(file, argument);
		break;
	default:
		break;
	}
	return file_ioctl(file, command, argument);
}

long sys_ioctl(int fd, uint32_t command, uint64_t argument)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	result = control(fd, file, command, argument);
	file_put(file);
	return result;
}
