/* SPDX-License-Identifier: MIT
 *
 * The core's handle on an object of a file system: (service, object number),
 * never a pointer into the service, so that it outlives a restart. One vnode
 * per object while anyone refers to it, and as long as there is room afterwards
 * for services that roll back: what it knows of the object stays true, since
 * nothing but the core's calls changes it.
 *
 * Lock order: directories (rename: ancestor first) before what lies in them,
 * then the service's turn. User memory is never touched under a vnode's lock,
 * since a page fault may need that of another vnode.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/sync/mutex.h>
#include <kernel/vfs/fs.h>

struct page_store;
struct service;
struct vnode_name;

struct vnode {
	struct list link;        /* hash bucket: vnode_table lock */
	struct list idle;        /* those without a reference: vnode_table lock */
	uint32_t references;     /* atomic; to and from 0 with vnode_table lock */
	uint32_t repairs;        /* of the service, when it last told of the object */
	struct service *service; /* the core's descriptor of it */
	uint64_t object;
	struct mutex lock;        /* attr, store; a directory's names */
	struct fs_attr attr;      /* as the service last told us */
	struct page_store *store; /* contents in core pages, one reference, or NULL */
	bool stale;               /* attr is older than a change of names: ask the service */
	bool suspect;             /* and what decides about rights may be old too */
	bool unlinked;            /* a name of it was removed: tell the service at the end */
	bool nameless;            /* made without a name, and never to get one */
	uint32_t seals;           /* of a memory file (memory_file.h) */
	uint32_t writable_maps;   /* shared mappings that may be written, and writes: atomic */
	struct vnode *parent;     /* of a directory: one reference; vnode_table lock */
	struct vnode *mounted;    /* root of what is mounted here, or NULL: mount_table lock */
	struct vnode *covered;    /* for a mounted root: the directory under it */
	uint64_t directory;       /* object of the one it was found in last; vnode_table lock */
	struct vnode_name *name;  /* there, or NULL (vnode_name.h); vnode_table lock */
	char *mapped_path;        /* by which it was mapped, or NULL (the same) */
};

/* A moment before a service is asked for attributes that vnode_get will take: how often it was
 * repaired by then, and how many vnodes had gone. */
uint64_t vnode_moment(const struct service *service);
static inline uint32_t vnode_moment_repairs(uint64_t moment)
{
	return (uint32_t)(moment >> 32);
}

/* The vnode of an object whose attributes the service just gave: one reference for the
 * caller, or NULL when memory is out. parent: the directory it was found in, whose lock
 * the caller holds, so that the object cannot lose its name meanwhile; NULL for a root.
 * moment: before the service was asked. */
struct vnode *vnode_get(struct service *service, const struct fs_attr *attr, struct vnode *parent,
                        uint64_t moment);
static inline struct vnode *vnode_hold(struct vnode *vnode)
{
	__atomic_fetch_add(&vnode->references, 1, __ATOMIC_RELAXED);
	return vnode;
}
/* May sleep: the last reference to an unlinked object calls the service's release. NULL is
 * allowed. */
void vnode_put(struct vnode *vnode);

/* The directory that a directory lies in (itself for a root without a mount point below
 * it), across mounts: one reference. */
struct vnode *vnode_parent(struct vnode *directory);
/* After a rename: the directory lies elsewhere now. */
void vnode_set_parent(struct vnode *directory, struct vnode *parent);

/* Vnodes that anyone refers to, for the leak audit. */
uint64_t vnode_count(void);

/* The store of a vnode's contents, NULL when there is none; or made if need be, NULL when memory is
 * out. Under its lock. */
struct page_store *vnode_store(struct vnode *vnode);
struct page_store *vnode_store_made(struct vnode *vnode);

/* Whether its contents lie on a disk (disk_contents.h). */
static inline bool vnode_is_on_disk(const struct vnode *vnode)
{
	return vnode->attr.flags & FS_ATTR_BLOCKS;
}

/* Whether two objects are of one file system: names of both may be of one object. */
bool vnode_same_file_system(const struct vnode *a, const struct vnode *b);
/* With the mount table's lock: whether nobody refers to anything in its file system, but so many
 * references to itself. */
bool vnode_is_last_of_file_system(const struct vnode *root, uint32_t references);
/* Whether its file system may not be changed: -EROFS. */
bool vnode_is_read_only(const struct vnode *vnode);

/* Contents of a regular file as the kernel sees them (exec, page faults).
 * A count, or a negative errno. */
long vnode_read(struct vnode *vnode, uint64_t offset, void *buffer, uint64_t size);
long vnode_write(struct vnode *vnode, uint64_t offset, const void *buffer, uint64_t size);

/* The first contents of an empty file: `count` pages from `first` on, which are not copied but
 * become the file's (page_get). 0 or a negative errno. */
int __must_check vnode_take_over(struct vnode *vnode, paddr_t first, uint64_t count);

/* fallocate(2) on a regular file: make room in [offset, offset + size), to whose end the file
 * grows (keep_size: it does not, and room behind its end is -EOPNOTSUPP); or have nothing but
 * zeros there. 0, -ENOSPC, -ENOMEM, -EFBIG, -EIO; -EOPNOTSUPP without core pages. */
int __must_check vnode_allocate(struct vnode *vnode, uint64_t offset, uint64_t size,
                                bool keep_size);
int __must_check vnode_clear(struct vnode *vnode, uint64_t offset, uint64_t size);

/* Where the next data, or the next hole, of a regular file with core pages is: -ENXIO behind its
 * end, or when there are no data any more; or what vnode_stat answers. */
int64_t vnode_seek(struct vnode *vnode, uint64_t offset, bool data);

/* The page of a file that covers offset, for a mapping: one page reference for the caller.
 * -EIO past the end or when the service fails (SIGBUS), -ENOMEM. */
int vnode_page(struct vnode *vnode, uint64_t offset, paddr_t *page);

/* Whether that page is in memory; nobody is asked for it. */
bool vnode_has_page(struct vnode *vnode, uint64_t offset);

/* A call changed attributes of it that the service did not tell (a directory's times, an
 * object's links). After the call, so that whoever asks meanwhile asks again. */
void vnode_outdated(struct vnode *vnode);

/* Fresh attributes: 0 or negative errno. */
int vnode_stat(struct vnode *vnode, struct fs_attr *attr);

/* Set the attributes that valid (FS_SET_*) names, without asking who wants it. */
int vnode_setattr(struct vnode *vnode, const struct fs_attr *attr, uint32_t valid);

/* Whether the calling process may (MAY_READ 4, MAY_WRITE 2, MAY_EXEC 1): 0, -EACCES or -EROFS. A
 * kernel thread may all. */
#define MAY_READ  4u
#define MAY_WRITE 2u
#define MAY_EXEC  1u
int vnode_permission(struct vnode *vnode, uint32_t wanted);
/* The same with the real ids, for access(2). */
int vnode_access(struct vnode *vnode, uint32_t wanted);
/* Whether it is the calling process's user's, or it may act as if (CAP_FOWNER). */
bool vnode_is_owned(const struct vnode *vnode);
