/* SPDX-License-Identifier: MIT
 *
 * Contents of regular files by batches of pages: what vnode_contents.c and
 * vnode_file.c share. A batch is taken under the vnode's lock and copied without
 * it, since user memory may not be touched under that lock; its page references
 * keep the pages meanwhile.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/vfs/vnode.h>

#define PAGE_BATCH 16u

struct page_batch {
	uint64_t offset, size; /* bytes of the file that it covers */
	uint64_t size_before;  /* of the file, before a write */
	unsigned int count;
	uint32_t made;                 /* for a write to a disk: a bit for each page that is new */
	paddr_t pages[PAGE_BATCH + 1]; /* 0 for a hole; one reference each */
};

/* What there is to read from offset on, cut to a batch: size 0 at the end of the file. 0, or
 * -EIO when the service cannot say how long the file is (then there is no batch). */
int __must_check vnode_pages_to_read(struct vnode *vnode, uint64_t offset, uint64_t size,
                                     struct page_batch *batch);

/* Make room to write (append: behind the end), cut to a batch: 0, -ENOSPC, -ENOMEM, -EFBIG,
 * -EIO. The file's size and times are as after the write. Until vnode_end_write, which puts the
 * pages, F_SEAL_WRITE is -EBUSY. */
int __must_check vnode_pages_to_write(struct vnode *vnode, uint64_t offset, uint64_t size,
                                      bool append, struct page_batch *batch);

/* Only `written` bytes of a batch could be copied: the file is not longer for it. */
void vnode_undo_growth(struct vnode *vnode, const struct page_batch *batch, uint64_t written);

/* The same, and what was not read because it would be written over is as it was. How many bytes
 * stay written; instead of vnode_end_write. */
uint64_t vnode_cut_write(struct vnode *vnode, const struct page_batch *batch, uint64_t written);

/* Where the batch's byte `done` lies (NULL: a hole), and how many follow it there. */
uint64_t page_batch_piece(const struct page_batch *batch, uint64_t done, void **address);

void vnode_put_pages(const struct page_batch *batch);
/* Its pages were written to. */
void vnode_mark_batch(struct vnode *vnode, const struct page_batch *batch);
void vnode_end_write(struct vnode *vnode, const struct page_batch *batch);
