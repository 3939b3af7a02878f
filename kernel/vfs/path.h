/* SPDX-License-Identifier: MIT
 *
 * From path names to vnodes (path_resolution(7)), and the mount table.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct service;
struct vnode;

#define PATH_MAX_BYTES 4096

#define PATH_NOFOLLOW  (1u << 0) /* a symbolic link at the end is the answer */
#define PATH_DIRECTORY (1u << 1) /* -ENOTDIR for anything else */

/* Resolve a path from a directory (NULL: the process's cwd): one reference in *vnode.
 * 0, -ENOENT, -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG, -EIO, -ENOMEM. */
int __must_check path_lookup(struct vnode *from, const char *path, unsigned int flags,
			     struct vnode **vnode);

/* All but the last component: the directory (one reference), and the last name in a
 * buffer of FS_NAME_MAX + 1. */
int __must_check path_parent(struct vnode *from, const char *path, struct vnode **directory,
			     char *name);

/* Mount a service's root at a path; the first one is "/". Core only, at boot. */
int __must_check mount_service(struct service *service, const char *path);

/* Lines of /proc/mounts into a buffer: the length. */
long mount_describe(char *buffer, uint64_t size);
