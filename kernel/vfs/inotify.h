/* SPDX-License-Identifier: MIT
 *
 * Watches of objects and the files that their events are read from (inotify(7)). A watch knows its
 * object by number and keeps nothing of it in being.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/vfs/inotify_limits.h>

struct file;
struct service;
struct vnode;

/* inotify_init1(2): the descriptor; -EMFILE when the user has too many, -ENOMEM. flags:
 * O_NONBLOCK and O_CLOEXEC. */
long inotify_open(uint32_t flags);

bool file_is_inotify(const struct file *file);

/* inotify_add_watch(2): the watch's number, or -EEXIST, -ENOSPC, -ENOMEM. */
long inotify_add(struct file *file, const struct vnode *vnode, uint32_t mask);
/* inotify_rm_watch(2): 0 or -EINVAL. */
long inotify_remove(struct file *file, int number);

/* ---- for notify.c ---- */

/* One event of an object, for whoever watches it. */
struct inotify_occurrence {
	const struct service *service;
	uint64_t object;
	uint32_t events; /* IN_* */
	uint32_t cookie;
	const char *name; /* NULL: the object itself, and nothing in it */
	bool removed;     /* the name is one no more (IN_EXCL_UNLINK) */
};

void inotify_tell(const struct inotify_occurrence *occurrence);
/* Whether somebody watches the object for one of these events. */
bool inotify_is_wanted(const struct service *service, uint64_t object, uint32_t events);
/* The object is no more, and with it go its watches. */
void inotify_forget(const struct service *service, uint64_t object);
/* The disk's file system is unmounted, and with it go the watches of its objects. */
void inotify_unmounted(const struct service *service, uint32_t disk);
