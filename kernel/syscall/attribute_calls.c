/* SPDX-License-Identifier: MIT
 *
 * access(2), and the calls that change attributes: mode, owner, times, size.
 */
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/vnode.h>

#define TIME_NOW  ((1L << 30) - 1L) /* UTIME_NOW of utimensat(2) */
#define TIME_OMIT ((1L << 30) - 2L)

long sys_faccessat2(int directory, const char __user *path, uint32_t wanted, uint32_t flags)
{
	struct vnode *vnode;
	long error;

	if ((wanted & ~(MAY_READ | MAY_WRITE | MAY_EXEC)) ||
	    (flags & ~(uint32_t)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
		return -EINVAL;
	error = path_argument_lookup(directory, path, flags, &vnode);
	if (error)
		return error;
	if (wanted)
		error = flags & AT_EACCESS ? vnode_permission(vnode, wanted)
		                           : vnode_access(vnode, wanted);
	vnode_put(vnode);
	return error;
}

long sys_faccessat(int directory, const char __user *path, uint32_t wanted)
{
	return sys_faccessat2(directory, path, wanted, 0);
}

long sys_access(const char __user *path, uint32_t wanted)
{
	return sys_faccessat2(AT_FDCWD, path, wanted, 0);
}

static long change_at(int directory, const char __user *path, uint32_t flags,
                      const struct fs_attr *attr, uint32_t valid, bool set_now)
{
	struct vnode *vnode;
	long error = path_argument_lookup(directory, path, flags, &vnode);

	if (error)
		return error;
	error = vfs_setattr(vnode, attr, valid, set_now);
	vnode_put(vnode);
	return error;
}

static long change_open(int fd, const struct fs_attr *attr, uint32_t valid, bool set_now)
{
	struct file *file = file_from_descriptor(fd);
	long error;

	if (!file)
		return -EBADF;
	error = file->vnode ? vfs_setattr(file->vnode, attr, valid, set_now) : -EINVAL;
	file_put(file);
	return error;
}

/* What a symbolic link permits is nobody's to say. */
long sys_fchmodat2(int directory, const char __user *path, uint32_t mode, uint32_t flags)
{
	struct fs_attr attr = {.mode = mode & 07777};
	struct vnode *vnode;
	long error;

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	error = path_argument_lookup(directory, path, flags, &vnode);
	if (error)
		return error;
	error = S_ISLNK(vnode->attr.mode) ? -EOPNOTSUPP
	                                  : vfs_setattr(vnode, &attr, FS_SET_MODE, false);
	vnode_put(vnode);
	return error;
}

long sys_fchmodat(int directory, const char __user *path, uint32_t mode)
{
	struct fs_attr attr = {.mode = mode & 07777};

	return change_at(directory, path, 0, &attr, FS_SET_MODE, false);
}

long sys_chmod(const char __user *path, uint32_t mode)
{
	return sys_fchmodat(AT_FDCWD, path, mode);
}

long sys_fchmod(int fd, uint32_t mode)
{
	struct fs_attr attr = {.mode = mode & 07777};

	return change_open(fd, &attr, FS_SET_MODE, false);
}

/* -1 leaves an id as it is (chown(2)). */
static uint32_t owners_valid(int owner, int group)
{
	return (owner != -1 ? FS_SET_UID : 0) | (group != -1 ? FS_SET_GID : 0);
}

long sys_fchownat(int directory, const char __user *path, int owner, int group, uint32_t flags)
{
	struct fs_attr attr = {.uid = (uint32_t)owner, .gid = (uint32_t)group};

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return change_at(directory, path, flags, &attr, owners_valid(owner, group), false);
}

long sys_chown(const char __user *path, int owner, int group)
{
	return sys_fchownat(AT_FDCWD, path, owner, group, 0);
}

long sys_lchown(const char __user *path, int owner, int group)
{
	return sys_fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW);
}

long sys_fchown(int fd, int owner, int group)
{
	struct fs_attr attr = {.uid = (uint32_t)owner, .gid = (uint32_t)group};

	return change_open(fd, &attr, owners_valid(owner, group), false);
}

/* One of the two times: what to set it to, and whether at all. */
static long read_time(const struct __kernel_timespec *time, uint64_t now, uint64_t *ns,
                      uint32_t bit, uint32_t *valid, bool *set_now)
{
	if (time->tv_nsec == TIME_OMIT)
		return 0;
	*valid |= bit;
	if (time->tv_nsec == TIME_NOW) {
		*ns = now;
		return 0;
	}
	*set_now = false;
	if (time->tv_nsec < 0 || time->tv_nsec >= (long)NS_PER_SECOND)
		return -EINVAL;
	*ns = (uint64_t)time->tv_sec * NS_PER_SECOND + (uint64_t)time->tv_nsec;
	return 0;
}

long sys_utimensat(int directory, const char __user *path, const void __user *times, uint32_t flags)
{
	struct __kernel_timespec both[2] = {{.tv_nsec = TIME_NOW}, {.tv_nsec = TIME_NOW}};
	struct fs_attr attr = {0};
	uint64_t now = time_wall();
	uint32_t valid = 0;
	bool set_now = true;

	if (flags & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (times && copy_from_user(both, times, sizeof(both)))
		return -EFAULT;
	if (read_time(&both[0], now, &attr.access_time, FS_SET_ATIME, &valid, &set_now) ||
	    read_time(&both[1], now, &attr.modify_time, FS_SET_MTIME, &valid, &set_now))
		return -EINVAL;
	if (!valid)
		return 0;
	/* futimens(3) passes no path. */
	if (!path)
		return change_open(directory, &attr, valid, set_now);
	return change_at(directory, path, flags, &attr, valid, set_now);
}

/* The older calls for the same: both times in seconds, or in microseconds. */
static long set_times(int directory, const char __user *path, const struct __kernel_timespec *times)
{
	struct fs_attr attr = {0};
	uint32_t valid = FS_SET_ATIME | FS_SET_MTIME;

	attr.access_time = attr.modify_time = time_wall();
	if (times) {
		attr.access_time =
		        (uint64_t)times[0].tv_sec * NS_PER_SECOND + (uint64_t)times[0].tv_nsec;
		attr.modify_time =
		        (uint64_t)times[1].tv_sec * NS_PER_SECOND + (uint64_t)times[1].tv_nsec;
	}
	if (!path && directory != AT_FDCWD)
		return change_open(directory, &attr, valid, !times);
	return change_at(directory, path, 0, &attr, valid, !times);
}

long sys_futimesat(int directory, const char __user *path, const void __user *times)
{
	struct __kernel_old_timeval both[2];
	struct __kernel_timespec exact[2];

	if (!times)
		return set_times(directory, path, NULL);
	if (copy_from_user(both, times, sizeof(both)))
		return -EFAULT;
	for (unsigned int i = 0; i < 2; i++) {
		if (both[i].tv_usec < 0 || both[i].tv_usec >= 1000000)
			return -EINVAL;
		exact[i] = (struct __kernel_timespec){both[i].tv_sec, both[i].tv_usec * 1000};
	}
	return set_times(directory, path, exact);
}

long sys_utimes(const char __user *path, const void __user *times)
{
	return sys_futimesat(AT_FDCWD, path, times);
}

long sys_utime(const char __user *path, const void __user *times)
{
	struct __kernel_timespec exact[2] = {{0}};
	int64_t seconds[2];

	if (!times)
		return set_times(AT_FDCWD, path, NULL);
	if (copy_from_user(seconds, times, sizeof(seconds)))
		return -EFAULT;
	exact[0].tv_sec = seconds[0];
	exact[1].tv_sec = seconds[1];
	return set_times(AT_FDCWD, path, exact);
}

long sys_truncate(const char __user *path, int64_t size)
{
	struct fs_attr attr = {.size = (uint64_t)size};

	return size < 0 ? -EINVAL : change_at(AT_FDCWD, path, 0, &attr, FS_SET_SIZE, false);
}
