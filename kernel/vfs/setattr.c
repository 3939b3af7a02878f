/* SPDX-License-Identifier: MIT
 *
 * Changing attributes with the calling process's rights (chmod(2), chown(2),
 * truncate(2), utimensat(2)).
 */
#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

static bool is_owner(const struct process *process, const struct vnode *vnode)
{
	return !process || process->euid == 0 || process->euid == vnode->attr.uid;
}

static int check(struct vnode *vnode, const struct fs_attr *attr, uint32_t valid, bool set_now)
{
	const struct process *process = current_process();
	bool owner = is_owner(process, vnode);
	bool root = !process || process->euid == 0;

	if ((valid & FS_SET_MODE) && !owner)
		return -EPERM;
	if ((valid & FS_SET_UID) && !root && !(owner && attr->uid == vnode->attr.uid))
		return -EPERM;
	if ((valid & FS_SET_GID) && !root && !(owner && attr->gid == process->egid))
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

	if (error)
		return error;
	set.mode = (vnode->attr.mode & S_IFMT) | (attr->mode & 07777);
	/* A new owner does not inherit the powers that the old one gave the file (chown(2)). */
	if ((valid & (FS_SET_UID | FS_SET_GID)) && !(valid & FS_SET_MODE) &&
	    S_ISREG(vnode->attr.mode) && (vnode->attr.mode & (S_ISUID | S_ISGID))) {
		valid |= FS_SET_MODE;
		set.mode = vnode->attr.mode & ~(uint32_t)(S_ISUID | S_ISGID);
	}
	return vnode_setattr(vnode, &set, valid);
}
