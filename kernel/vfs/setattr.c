/* SPDX-License-Identifier: MIT
 *
 * Changing attributes with the calling process's rights (chmod(2), chown(2),
 * truncate(2), utimensat(2)).
 */
#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/vnode.h>
#include <linux/capability.h>
#include <linux/stat.h>

/* chown(2): to oneself, or to a group that one is in. */
static int check_new_owner(const struct vnode *vnode, const struct fs_attr *attr, uint32_t valid)
{
	const struct process *process = current_process();
	bool own;

	if (process_is_capable(CAP_CHOWN))
		return 0;
	own = process->credentials.user.filesystem == vnode->attr.uid;
	if ((valid & FS_SET_UID) && !(own && attr->uid == vnode->attr.uid))
		return -EPERM;
	if ((valid & FS_SET_GID) &&
	    !(own && (attr->gid == vnode->attr.gid || process_is_in_group(attr->gid))))
		return -EPERM;
	return 0;
}

static int check(struct vnode *vnode, const struct fs_attr *attr, uint32_t valid, bool set_now)
{
	bool owner = vnode_is_owned(vnode);
	int error = check_new_owner(vnode, attr, valid);

	if (error)
		return error;
	if ((valid & FS_SET_MODE) && !owner)
		return -EPERM;
	if (valid & FS_SET_SIZE) {
		if (S_ISDIR(vnode->attr.mode))
			return -EISDIR;
		if (!S_ISREG(vnode->attr.mode) || (int64_t)attr->size < 0)
			return -EINVAL;
		return vnode_permission(vnode, MAY_WRITE);
	}
	if ((valid & (FS_SET_ATIME | FS_SET_MTIME)) && !owner)
		return set_now ? vnode_permission(vnode, MAY_WRITE) : -EPERM;
	return 0;
}

int vfs_setattr(struct vnode *vnode, const struct fs_attr *attr, uint32_t valid, bool set_now)
{
	struct fs_attr set = *attr;
	int error = check(vnode, attr, valid, set_now);

	if (!error && (valid & FS_SET_SIZE))
		error = resource_check_file_size(vnode, attr->size);
	if (error)
		return error;
	set.mode = (vnode->attr.mode & S_IFMT) | (attr->mode & 07777);
	/* Nobody makes a program run as a group that is not the own (chmod(2)). */
	if ((valid & FS_SET_MODE) && !process_is_capable(CAP_FSETID) &&
	    !process_is_in_group(vnode->attr.gid))
		set.mode &= ~(uint32_t)S_ISGID;
	/* A new owner does not inherit the powers that the old one gave the file (chown(2)). */
	if ((valid & (FS_SET_UID | FS_SET_GID)) && !(valid & FS_SET_MODE) &&
	    S_ISREG(vnode->attr.mode) && (vnode->attr.mode & (S_ISUID | S_ISGID))) {
		valid |= FS_SET_MODE;
		set.mode = vnode->attr.mode & ~(uint32_t)(S_ISUID | S_ISGID);
	}
	return vnode_setattr(vnode, &set, valid);
}
