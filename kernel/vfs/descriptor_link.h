/* SPDX-License-Identifier: MIT
 *
 * Links to open files (proc(5), /proc/self/fd): a service says that an object is one and for which
 * descriptor (FS_ATTR_DESCRIPTOR), and the core follows it, to the calling process's own file.
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
	return vnode->attr.flags & FS_ATTR_DESCRIPTOR;
}

/* Replace a link by what its file was opened on; the reference goes along. 0, -ENOENT when the
 * descriptor is closed, -ENXIO for what is in no file system (it can be opened: below). */
int __must_check descriptor_link_follow(struct vnode **link);

/* Open the file of a link anew: 0, -ENOENT, -ENXIO, and what open(2) answers. */
int __must_check descriptor_link_open(const struct vnode *link, uint32_t flags,
                                      struct file **result);

/* The lowest open descriptor of the calling process from a number on, which is the answer, and
 * what it stands for; -ENOENT when there is none. */
int __must_check descriptor_describe(int from, struct descriptor_info *info);
