/* SPDX-License-Identifier: MIT
 *
 * Links to what processes have (proc(5), /proc/PID/fd, cwd and root): a service says that an object
 * is one and to what (FS_ATTR_DESCRIPTOR, FS_ATTR_PLACE), and the core follows it, if the calling
 * process may look into the other one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/boundary/core_info.h>
#include <kernel/vfs/vnode.h>

struct file;

static inline bool is_descriptor_link(const struct vnode *vnode)
{
	return vnode->attr.flags & (FS_ATTR_DESCRIPTOR | FS_ATTR_PLACE);
}

/* Replace a link by what its file was opened on, or the directory; the reference goes along. 0,
 * -ENOENT when the descriptor is closed or the process has ended, -EACCES, -ENXIO for what is in no
 * file system (it can be opened: below). */
int __must_check descriptor_link_follow(struct vnode **link);

/* Open the file of a link anew: 0, -ENOENT, -ENXIO, and what open(2) answers. */
int __must_check descriptor_link_open(const struct vnode *link, uint32_t flags,
                                      struct file **result);

/* fstat(2) of what a link leads to, and where that lies (NULL: in no file system): one reference
 * in *vnode. */
int __must_check descriptor_link_stat(const struct vnode *link, struct fs_attr *attr,
                                      struct vnode **vnode);

/* The path of the directory that a link of FS_ATTR_PLACE leads to, as readlink(2) has it: its
 * length, -ENOENT when the directory was removed. */
long place_link_read(const struct vnode *link, char *buffer, uint64_t size);

/* The lowest open descriptor of a process from a number on, which is the answer, and what it stands
 * for; -ENOENT when there is none, -EACCES. */
int __must_check descriptor_describe(int process, int from, struct descriptor_info *info);
