/* SPDX-License-Identifier: MIT
 *
 * Entries of a directory in the form of getdents64(2), or of getdents(2).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/user.h>

struct service;
struct vnode;

/* Fill buffer with the entries behind *position (0: the start), which moves on: bytes, 0 at
 * the end, -ENOTDIR, -EINVAL when the first entry does not fit, -EFAULT, -EIO, -ENOMEM. old: as
 * getdents(2) has them. */
long directory_read(struct vnode *directory, uint64_t *position, void __user *buffer, uint64_t size,
                    bool old);

/* The name (FS_NAME_MAX + 1 bytes) under which an object lies in a directory: 0, -ENOENT, -ENOMEM.
 */
long directory_find_name(struct service *service, uint64_t directory, uint64_t object, char *name);
