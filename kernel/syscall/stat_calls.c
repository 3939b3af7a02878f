/* SPDX-License-Identifier: MIT
 *
 * stat(2), statx(2), statfs(2): attributes in the shapes that users know.
 */
#include <asm/stat.h>
#include <asm/statfs.h>
#include <aramid/uninitialized.h>
#include <linux/fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>

#include <kernel/block/block.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/time/time.h>
#include <kernel/vfs/descriptor_link.h>
#include <kernel/vfs/disk_fs.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>

#define STAT_FLAGS                                                                                 \
	(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_STATX_FORCE_SYNC |             \
	 AT_STATX_DONT_SYNC)

/* Pipes belong to no service. */
#define PIPE_DEVICE 0xff

/* What a file system is called in st_dev: its disk, or major 0 and its service's place in the
 * manifest. */
static uint32_t device_of(const struct vnode *vnode)
{
	if (vnode && vnode->service->on_disks)
		return DISK_DEVICE(DISK_OF_OBJECT(vnode->object));
	return vnode ? (uint32_t)vnode->service->owner : PIPE_DEVICE;
}

static long attributes_of(int fd, struct fs_attr *attr, uint32_t *device)
{
	struct file *file = file_from_descriptor(fd);
	long error;

	if (!file)
		return -EBADF;
	*device = device_of(file->vnode);
	error = file_stat(file, attr);
	file_put(file);
	return error;
}

/* Attributes of what (directory, path, flags) names, and the device it is on. */
static long attributes_at(int directory, const char __user *path, uint32_t flags,
                          struct fs_attr *attr, uint32_t *device)
{
	struct path_argument argument LEFT_UNINITIALIZED("path_argument_get fills it");
	struct vnode *vnode;
	long error;

	if (flags & ~(uint32_t)STAT_FLAGS)
		return -EINVAL;
	if ((flags & AT_EMPTY_PATH) && directory != AT_FDCWD) {
		error = path_argument_get(&argument, directory, path, true);
		if (error)
			return error;
		/* A descriptor alone may stand for a pipe too. */
		if (argument.path[0] == '\0') {
			*device = device_of(argument.from);
			error = file_stat(argument.directory, attr);
			path_argument_put(&argument);
			return error;
		}
		path_argument_put(&argument);
	}
	error = path_argument_find(directory, path, flags, PATH_KEEP_DESCRIPTOR, &vnode);
	if (error)
		return error;
	if (is_descriptor_link(vnode) && !(flags & AT_SYMLINK_NOFOLLOW)) {
		struct vnode *target;

		error = descriptor_link_stat(vnode, attr, &target);
		if (!error) {
			*device = device_of(target);
			vnode_put(target);
		}
	} else {
		*device = device_of(vnode);
		error = vnode_stat(vnode, attr);
	}
	vnode_put(vnode);
	return error;
}

static long put_stat(void __user *to, const struct fs_attr *attr, uint32_t device)
{
	struct stat status;

	memset(&status, 0, sizeof(status));
	status.st_dev = device;
	status.st_ino = attr->object;
	status.st_nlink = attr->links;
	status.st_mode = attr->mode;
	status.st_uid = attr->uid;
	status.st_gid = attr->gid;
	status.st_rdev = attr->device;
	status.st_size = (long)attr->size;
	status.st_blksize = PAGE_SIZE;
	status.st_blocks = (long)attr->blocks;
	status.st_atime = attr->access_time / NS_PER_SECOND;
	status.st_atime_nsec = attr->access_time % NS_PER_SECOND;
	status.st_mtime = attr->modify_time / NS_PER_SECOND;
	status.st_mtime_nsec = attr->modify_time % NS_PER_SECOND;
	status.st_ctime = attr->change_time / NS_PER_SECOND;
	status.st_ctime_nsec = attr->change_time % NS_PER_SECOND;
	return copy_to_user(to, &status, sizeof(status));
}

long sys_newfstatat(int directory, const char __user *path, void __user *status, uint32_t flags)
{
	struct fs_attr attr;
	uint32_t device;
	long error = attributes_at(directory, path, flags, &attr, &device);

	return error ? error : put_stat(status, &attr, device);
}

long sys_stat(const char __user *path, void __user *status)
{
	return sys_newfstatat(AT_FDCWD, path, status, 0);
}

long sys_lstat(const char __user *path, void __user *status)
{
	return sys_newfstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

long sys_fstat(int fd, void __user *status)
{
	struct fs_attr attr;
	uint32_t device;
	long error = attributes_of(fd, &attr, &device);

	return error ? error : put_stat(status, &attr, device);
}

static struct statx_timestamp statx_time(uint64_t ns)
{
	return (struct statx_timestamp){
	        .tv_sec = (int64_t)(ns / NS_PER_SECOND),
	        .tv_nsec = (uint32_t)(ns % NS_PER_SECOND),
	};
}

long sys_statx(int directory, const char __user *path, uint32_t flags, uint32_t wanted,
               void __user *status)
{
	struct fs_attr attr;
	struct statx extended;
	uint32_t device;
	long error = attributes_at(directory, path, flags, &attr, &device);

	if (error)
		return error;
	memset(&extended, 0, sizeof(extended));
	extended.stx_mask = STATX_BASIC_STATS;
	extended.stx_blksize = PAGE_SIZE;
	extended.stx_nlink = attr.links;
	extended.stx_uid = attr.uid;
	extended.stx_gid = attr.gid;
	extended.stx_mode = (uint16_t)attr.mode;
	extended.stx_ino = attr.object;
	extended.stx_size = attr.size;
	extended.stx_blocks = attr.blocks;
	extended.stx_atime = statx_time(attr.access_time);
	extended.stx_mtime = statx_time(attr.modify_time);
	extended.stx_ctime = statx_time(attr.change_time);
	extended.stx_rdev_major = attr.device >> 8;
	extended.stx_rdev_minor = attr.device & 0xff;
	extended.stx_dev_minor = device;
	return copy_to_user(status, &extended, sizeof(extended));
}

static long put_statfs(void __user *to, struct vnode *vnode)
{
	struct fs_statistics statistics;
	struct statfs status;
	long error = vfs_statistics(vnode, &statistics);

	if (error)
		return error;
	memset(&status, 0, sizeof(status));
	status.f_type = (long)statistics.type;
	status.f_bsize = status.f_frsize = (long)statistics.block_size;
	status.f_blocks = (long)statistics.blocks;
	status.f_bfree = status.f_bavail = (long)statistics.blocks_free;
	status.f_files = (long)statistics.files;
	status.f_ffree = (long)statistics.files_free;
	status.f_fsid.val[0] = (int)device_of(vnode);
	status.f_namelen = FS_NAME_MAX;
	return copy_to_user(to, &status, sizeof(status));
}

long sys_statfs(const char __user *path, void __user *status)
{
	struct vnode *vnode;
	long error = path_argument_lookup(AT_FDCWD, path, 0, &vnode);

	if (error)
		return error;
	error = put_statfs(status, vnode);
	vnode_put(vnode);
	return error;
}

static long put_pipe_statfs(void __user *to)
{
	struct statfs status;

	memset(&status, 0, sizeof(status));
	status.f_type = PIPEFS_MAGIC;
	status.f_bsize = status.f_frsize = PAGE_SIZE;
	status.f_namelen = FS_NAME_MAX;
	return copy_to_user(to, &status, sizeof(status));
}

long sys_fstatfs(int fd, void __user *status)
{
	struct file *file = file_from_descriptor(fd);
	long error;

	if (!file)
		return -EBADF;
	error = file->vnode ? put_statfs(status, file->vnode) : put_pipe_statfs(status);
	file_put(file);
	return error;
}
