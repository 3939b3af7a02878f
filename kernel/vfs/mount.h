/* SPDX-License-Identifier: MIT
 *
 * The mount table: which file system's root covers which directory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct fs_attr;
struct service;
struct vnode;

/* Of the path, with each blank of it four characters long. */
#define MOUNT_WORD_MAX 63

/* What a mount is called in /proc/mounts. */
struct mount_words {
	const char *source, *type, *path;
};

/* Mount a service's root at a path; the first one is "/". A missing mount point is made.
 * Core only, at boot. */
int __must_check mount_service(struct service *service, const char *path);

/* The root that a service told of covers a directory (NULL: it is the first), of which the caller
 * gives one reference away. -EBUSY, -ENOSPC (too many mounts), -ENAMETOOLONG (MOUNT_WORD_MAX),
 * -ENOMEM: then the reference is the caller's still. */
int __must_check mount_attach(struct service *service, const struct fs_attr *root,
                              struct vnode *point, const struct mount_words *words);

/* The root covers nothing any more: -EINVAL when it is no mounted one, -EBUSY while anybody but the
 * caller, who has one reference, refers to anything in its file system. */
int __must_check mount_detach(struct vnode *root);

/* Whether it is the root of something that is mounted. */
bool mount_has_root(const struct vnode *root);

/* What covers a directory (NULL: nothing): one reference. */
struct vnode *mount_on(struct vnode *directory);

/* Lines of /proc/mounts into a buffer: the length. */
long mount_describe(char *buffer, uint64_t size);
