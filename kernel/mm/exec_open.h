/* SPDX-License-Identifier: MIT
 *
 * Finding the file that execve(2) names. For kernel/mm alone; may sleep.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <kernel/vfs/fs.h>

struct vnode;

struct exec_target {
	struct vnode *vnode; /* one reference; NULL after an error */
	struct fs_attr attr;
	char path[256]; /* absolute and without links, for /proc/self/exe; cut if longer */
};

/* A regular file that the calling process may execute: 0, or what path_lookup answers,
 * -EACCES, -EIO, -ENOMEM. */
int __must_check exec_open(const char *path, struct exec_target *target);
