/* SPDX-License-Identifier: MIT
 *
 * mount(2) and umount(2): file systems on disks come and go, all others are mounted at boot, by the
 * manifest.
 */
#include <linux/fcntl.h>
#include <linux/mount.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/path_argument.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/disk_mount.h>
#include <kernel/vfs/vnode.h>

#define TYPE_MAX        16u
#define UMOUNT_NOFOLLOW 8u /* umount(2); Linux has it for itself */

/* The last argument of mount(2): options of the file system, of which there are none. */
static int check_data(const void __user *data)
{
	char first;

	if (!data)
		return 0;
	if (copy_from_user(&first, data, 1))
		return -EFAULT;
	return first ? -EINVAL : 0;
}

static int find(const char __user *path, uint32_t flags, struct vnode **vnode)
{
	return path_argument_lookup(AT_FDCWD, path, flags, vnode);
}

static int mount_on_target(const char __user *source, struct vnode *target,
                           const char __user *user_type, uint32_t flags)
{
	char type[TYPE_MAX];
	struct vnode *device;
	long length;
	int error;

	if (flags & MS_REMOUNT)
		return disk_remount(target, flags);
	if (!user_type)
		return -EINVAL;
	length = copy_string_from_user(type, user_type, sizeof(type));
	if (length < 0)
		return length == -ENAMETOOLONG ? -ENODEV : (int)length;
	if (!source)
		return -EINVAL;
	error = find(source, 0, &device);
	if (error)
		return error;
	error = disk_mount(device, target, type, flags);
	vnode_put(device);
	return error;
}

long sys_mount(const char __user *source, const char __user *target, const char __user *type,
               uint32_t flags, const void __user *data)
{
	struct vnode *directory;
	int error = check_data(data);

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~(uint32_t)MS_MGC_MSK;
	if (!error)
		error = find(target, 0, &directory);
	if (error)
		return error;
	error = mount_on_target(source, directory, type, flags);
	vnode_put(directory);
	return error;
}

long sys_umount2(const char __user *target, uint32_t flags)
{
	struct vnode *root;
	int error =
	        find(target, flags & UMOUNT_NOFOLLOW ? (uint32_t)AT_SYMLINK_NOFOLLOW : 0, &root);

	if (error)
		return error;
	error = disk_unmount(root, flags);
	vnode_put(root);
	return error;
}
