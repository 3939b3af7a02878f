/* SPDX-License-Identifier: MIT
 *
 * Who may do what with an object (path_resolution(7), "Permissions"; access(2)).
 */
#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

/* Permissions are the last of: the superuser's, the owner's, the group's, the others'. */
static int check(const struct fs_attr *attr, uint32_t uid, uint32_t gid, uint32_t wanted)
{
	uint32_t granted;

	if (uid == 0) {
		/* Root may all but execute what nobody may. */
		if ((wanted & MAY_EXEC) && !S_ISDIR(attr->mode) &&
		    !(attr->mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
			return -EACCES;
		return 0;
	}
	if (uid == attr->uid)
		granted = attr->mode >> 6;
	else if (gid == attr->gid)
		granted = attr->mode >> 3;
	else
		granted = attr->mode;
	return wanted & ~granted ? -EACCES : 0;
}

int vnode_permission(struct vnode *vnode, uint32_t wanted)
{
	const struct process *process = current_process();

	if (!process)
		return 0;
	return check(&vnode->attr, process->euid, process->egid, wanted);
}

int vnode_access(struct vnode *vnode, uint32_t wanted)
{
	const struct process *process = current_process();

	if (!process)
		return 0;
	return check(&vnode->attr, process->uid, process->gid, wanted);
}
