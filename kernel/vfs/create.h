/* SPDX-License-Identifier: MIT
 *
 * Making an object in a directory: what open(2) and mknod(2) share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct vnode;

/* A new object of the calling process under a name, umask applied; target: of a symbolic link.
 * The caller holds the directory's lock. One reference in *vnode. */
int __must_check create_in_directory(struct vnode *directory, const char *name, uint32_t mode,
                                     uint32_t device, const char *target, struct vnode **vnode);

/* A regular file of the calling process in the file system of a directory, without a name;
 * linkable: link(2) may give it one. -EOPNOTSUPP where that cannot be. */
int __must_check create_nameless(struct vnode *directory, uint32_t mode, bool linkable,
                                 struct vnode **vnode);
