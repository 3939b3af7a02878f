/* SPDX-License-Identifier: MIT
 *
 * From path names to vnodes (path_resolution(7)). Paths
 * are the core's copies; the caller has brought them in from user memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct service;
struct vnode;

#define PATH_MAX_BYTES 4096

#define PATH_NOFOLLOW  (1u << 0) /* a symbolic link at the end is the answer */
#define PATH_DIRECTORY (1u << 1) /* -ENOTDIR for anything else */
/* A link to an open file at the end is the answer (descriptor_link.h): the caller opens it. */
#define PATH_KEEP_DESCRIPTOR (1u << 2)

/* Where a walk may go (openat2(2), resolve). floor: the directory that it starts at. */
struct path_limits {
	uint32_t resolve; /* RESOLVE_* of <linux/openat2.h> */
	struct vnode *floor;
};

/* Resolve a path from a directory (NULL: the process's cwd): one reference in *vnode.
 * 0, -ENOENT, -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG, -EIO, -ENOMEM. */
int __must_check path_lookup(struct vnode *from, const char *path, unsigned int flags,
                             struct vnode **vnode);

/* The same within limits (NULL: none): -EXDEV, -ELOOP. */
int __must_check path_lookup_within(struct vnode *from, const char *path, unsigned int flags,
                                    const struct path_limits *limits, struct vnode **vnode);

/* The last component of a path, to be made, removed or moved. */
struct path_last {
	struct vnode *directory; /* one reference */
	char name[256];          /* "." or ".." are possible, "" means the path was "/" */
	bool trailing_slash;     /* only a directory will do */
};

/* All but the last component. Errors as path_lookup. */
int __must_check path_parent(struct vnode *from, const char *path, struct path_last *last);
int __must_check path_parent_within(struct vnode *from, const char *path,
                                    const struct path_limits *limits, struct path_last *last);

/* What a walk within limits does at a symbolic link, and at one in `from` that leads to the root:
 * 0, -ELOOP, -EXDEV. */
int __must_check path_limits_link(const struct path_limits *limits);
int __must_check path_limits_descriptor(const struct path_limits *limits);
int __must_check path_limits_jump(const struct path_limits *limits, const struct vnode *from);

/* One name in a directory whose lock the caller holds: one reference. Mounts are not crossed,
 * links not followed, "." and ".." not known. */
int __must_check path_child(struct vnode *directory, const char *name, struct vnode **child);

/* The absolute path of a directory, as seen from the calling process's root: its length, or
 * -ENOENT when it was removed, -ENAMETOOLONG, -ENOMEM. */
long path_of_directory(struct vnode *directory, char *buffer, uint64_t size);

/* The root directory of the calling process, or of the system for a kernel thread: one
 * reference, NULL before the first mount. */
struct vnode *path_root(void);
