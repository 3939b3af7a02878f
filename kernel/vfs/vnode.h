/* SPDX-License-Identifier: MIT
 *
 * The core's handle on an object of a file system: (service, object number),
 * never a pointer into the service, so that it outlives a restart. One vnode
 * per object while anyone refers to it.
 */
#pragma once

#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/sync/mutex.h>
#include <kernel/vfs/fs.h>

struct page_store;
struct service;

struct vnode {
	struct list link;        /* hash bucket: vnode_table lock */
	uint32_t references;     /* vnode_table lock */
	struct service *service; /* the core's descriptor of it */
	uint64_t object;
	struct mutex lock;       /* attr, and reads against writes of the contents */
	struct fs_attr attr;     /* as the service last told us */
	struct page_store *store; /* contents in core pages, or NULL */
	struct vnode *mounted;   /* root of what is mounted here, or NULL: mount_table lock */
	struct vnode *covered;   /* for a mounted root: the directory under it */
};

/* The vnode of an object whose attributes the service just gave: one reference for the
 * caller, or NULL when memory is out. */
struct vnode *vnode_get(struct service *service, const struct fs_attr *attr);
struct vnode *vnode_hold(struct vnode *vnode);
/* May sleep: the last reference calls the service's release. */
void vnode_put(struct vnode *vnode);

/* Live vnodes, for the leak audit. */
uint64_t vnode_count(void);

/* Contents of a regular file as the kernel sees them (exec, page faults).
 * A count, or a negative errno. */
long vnode_read(struct vnode *vnode, uint64_t offset, void *buffer, uint64_t size);

/* The page of a file that covers offset, for a mapping: one page reference for the caller.
 * -EIO past the end or when the service fails (SIGBUS), -ENOMEM. */
int vnode_page(struct vnode *vnode, uint64_t offset, paddr_t *page);

/* Fresh attributes: 0 or negative errno. */
int vnode_stat(struct vnode *vnode, struct fs_attr *attr);

/* Whether the calling process may (MAY_READ 4, MAY_WRITE 2, MAY_EXEC 1): 0 or -EACCES. */
int vnode_permission(struct vnode *vnode, uint32_t wanted);
