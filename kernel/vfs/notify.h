/* SPDX-License-Identifier: MIT
 *
 * What happens to objects of file systems, told to those who watch them (inotify(7)). The core's
 * calls make every change, so they tell of it: here, after it has happened. While nobody watches
 * anything that costs a look at a counter.
 *
 * Events are IN_* of <linux/inotify.h>. What happens to an object is told to those who watch it,
 * and to those who watch the directory that it was last found in, with its name there. An object
 * with several names is told of by the one that was last looked up; Linux goes by the name that
 * each file was opened by.
 *
 * All may sleep and ask the object's service for a name, and must not be called with the lock of a
 * vnode other than the directory in which the name is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <linux/inotify.h>

struct file;
struct service;
struct vnode;

extern uint32_t notify_watches; /* how many there are; atomic */

static inline bool notify_is_on(void)
{
	return __builtin_expect(__atomic_load_n(&notify_watches, __ATOMIC_RELAXED) != 0, 0);
}

/* An object, as itself and as its directory's. */
void notify_object(struct vnode *vnode, uint32_t events);
/* An object, as itself alone: its names change. */
void notify_self(struct vnode *vnode, uint32_t events);
/* An open file, if it is on an object: O_PATH tells nothing. */
void notify_file(struct file *file, uint32_t events);
/* Attributes were set (FS_SET_*). */
void notify_attributes(struct vnode *vnode, uint32_t valid);

/* Names in a directory, whose lock the caller holds: an object was made, got another name, lost
 * one, or its name moved. */
void notify_made(struct vnode *directory, const char *name, struct vnode *child);
void notify_linked(struct vnode *directory, const char *name, struct vnode *child);
void notify_removed(struct vnode *directory, const char *name, struct vnode *child);
void notify_moved(struct vnode *from, const char *old_name, struct vnode *to, const char *new_name,
                  struct vnode *moved);

/* A service was asked to forget an object; whether it has is asked here. */
void notify_released(struct service *service, uint64_t object);

/* A disk's file system is unmounted. */
void notify_unmounted(const struct service *service, uint32_t disk);
