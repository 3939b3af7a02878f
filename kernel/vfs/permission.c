/* SPDX-License-Identifier: MIT
 *
 * Who may do what with an object (path_resolution(7), "Permissions"; access(2)).
 */
#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/vnode.h>
#include <linux/capability.h>
#include <linux/stat.h>

/* What the superuser's privileges grant where the permissions do not (capabilities(7)). */
static uint32_t granted_by(const struct fs_attr *attr, bool all, bool reads)
{
	bool directory = S_ISDIR(attr->mode);

	if (all)
		return MAY_READ | MAY_WRITE |
		       (directory || (attr->mode & (S_IXUSR | S_IXGRP | S_IXOTH)) ? MAY_EXEC : 0);
	return reads ? MAY_READ | (directory ? MAY_EXEC : 0) : 0;
}

/* Permissions are the last of: the owner's, the group's, the others'. */
static uint32_t granted_to(const struct fs_attr *attr, uint32_t user, bool in_group(uint32_t group))
{
	if (user == attr->uid)
		return attr->mode >> 6;
	return in_group(attr->gid) ? attr->mode >> 3 : attr->mode;
}

/* Devices and pipes have nothing of their file system but the name. */
static bool is_kept_from_writes(const struct vnode *vnode)
{
	uint32_t mode = vnode->attr.mode;

	return vnode_is_read_only(vnode) && (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode));
}

int vnode_permission(struct vnode *vnode, uint32_t wanted)
{
	const struct process *process = current_process();
	const struct fs_attr *attr = &vnode->attr;
	uint32_t granted;

	if (!process)
		return 0;
	if ((wanted & MAY_WRITE) && is_kept_from_writes(vnode))
		return -EROFS;
	granted = granted_by(attr, process_is_capable(CAP_DAC_OVERRIDE),
	                     process_is_capable(CAP_DAC_READ_SEARCH));
	if (wanted & ~granted)
		granted |=
		        granted_to(attr, process->credentials.user.filesystem, process_is_in_group);
	return wanted & ~granted ? -EACCES : 0;
}

bool vnode_is_owned(const struct vnode *vnode)
{
	const struct process *process = current_process();

	return !process || process->credentials.user.filesystem == vnode->attr.uid ||
	       process_is_capable(CAP_FOWNER);
}

int vnode_access(struct vnode *vnode, uint32_t wanted)
{
	const struct process *process = current_process();
	const struct fs_attr *attr = &vnode->attr;
	uint64_t has = process ? process->credentials.capabilities.permitted : 0;
	uint32_t granted = 0;

	if (!process)
		return 0;
	if ((wanted & MAY_WRITE) && is_kept_from_writes(vnode))
		return -EROFS;
	if (process->credentials.user.real == 0)
		granted = granted_by(attr, has & 1UL << CAP_DAC_OVERRIDE,
		                     has & 1UL << CAP_DAC_READ_SEARCH);
	granted |= granted_to(attr, process->credentials.user.real, process_is_really_in_group);
	return wanted & ~granted ? -EACCES : 0;
}
