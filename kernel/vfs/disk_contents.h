/* SPDX-License-Identifier: MIT
 *
 * Contents of files on disks (FS_ATTR_BLOCKS): the core reads and writes them itself, where the
 * file system says that they lie. In memory they are a page store, whose pages with a mark are to
 * be written.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>

struct service;
struct vnode;

/* ---- with the vnode's lock ---- */

/* Have those pages of [offset, offset + size) in memory that are not holes, and some that follow
 * when the file seems to be read from front to back. -EIO, -ENOMEM. */
int __must_check disk_contents_load(struct vnode *vnode, uint64_t offset, uint64_t size);

/* The same of the one page that covers an offset, and no more. */
int __must_check disk_contents_load_one(struct vnode *vnode, uint64_t offset);

/* A page for a file's contents, zeroed: 0 when there is none even after others' were given up. */
paddr_t __must_check disk_contents_take_page(void);

/* Make room for a write to [offset, offset + size): blocks on the disk, and at most 32 pages, of
 * which what stays is read. Size and times are as after the write. *made: a bit for each page that
 * is new. -ENOSPC, -EIO, -ENOMEM: then nothing has changed. */
long __must_check disk_contents_extend(struct vnode *vnode, uint64_t offset, uint64_t size,
                                       uint32_t *made);
/* There is no write after all. */
void disk_contents_undo(struct vnode *vnode, uint64_t offset, uint32_t made);

/* The last page of a file whose size will change: what lies behind its end is zeros, on the disk
 * too. */
int __must_check disk_contents_end_at(struct vnode *vnode, uint64_t size);

/* Pages were written to. */
void disk_contents_mark(struct vnode *vnode, uint64_t offset, uint64_t size);

/* ---- without ---- */

/* The next data, or the next hole, from an offset on in a file of so many bytes: -ENXIO, -EIO. */
int64_t disk_contents_seek(struct vnode *vnode, uint64_t offset, uint64_t size, bool data);

/* Write all marked pages of a disk's files to it. *any: there were some. One at a time for each
 * disk. */
int __must_check disk_contents_write_out(struct service *service, uint32_t disk, bool *any);

/* Forget all contents of a disk's files. */
void disk_contents_forget(struct service *service, uint32_t disk);

/* Whether more is to be written than should wait in memory. */
bool disk_contents_are_many(void);
