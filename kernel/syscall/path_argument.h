/* SPDX-License-Identifier: MIT
 *
 * The pair (directory descriptor, path) that names a file in a system call,
 * brought into the kernel (openat(2), path_resolution(7)).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/user.h>

struct file;
struct vnode;

struct path_argument {
	const char *path;
	struct vnode *from; /* where a relative path starts; NULL for the cwd */
	struct file *directory;
	char *large; /* a path that does not fit below */
	char small[256];
};

/* 0, or -EFAULT, -ENAMETOOLONG, -ENOENT (empty), -EBADF, -ENOTDIR, -ENOMEM; path_argument_put
 * only after success. allow_empty: the empty path is an answer too (AT_EMPTY_PATH). */
int __must_check path_argument_get(struct path_argument *argument, int directory,
                                   const char __user *path, bool allow_empty);
void path_argument_put(struct path_argument *argument);

/* The object named: one reference. flags: AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH; how: PATH_* of
 * path.h besides. */
int __must_check path_argument_lookup(int directory, const char __user *path, uint32_t flags,
                                      struct vnode **vnode);
int __must_check path_argument_find(int directory, const char __user *path, uint32_t flags,
                                    unsigned int how, struct vnode **vnode);
