/* SPDX-License-Identifier: MIT
 *
 * fallocate(2): by the batches of pages that reads and writes are made of.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/memory_file.h>
#include <kernel/vfs/vnode_contents.h>

/* From *reached on, which moves on with what is done. */
static int allocate(struct vnode *vnode, uint64_t *reached, uint64_t end)
{
	struct page_batch batch;

	while (*reached < end) {
		int error = vnode_pages_to_write(vnode, *reached, end - *reached, false, &batch);

		if (error)
			return error;
		vnode_end_write(vnode, &batch);
		*reached += batch.size;
	}
	return 0;
}

int vnode_allocate(struct vnode *vnode, uint64_t offset, uint64_t size, bool keep_size)
{
	struct fs_attr before;
	uint64_t reached = offset;
	int error = vnode_stat(vnode, &before);

	if (error)
		return error;
	if ((before.flags & FS_ATTR_DIRECT) || (keep_size && offset + size > before.size))
		return -EOPNOTSUPP;
	error = resource_check_file_size(vnode, offset + size);
	if (error)
		return error;
	error = allocate(vnode, &reached, offset + size);
	/* A file that grew for nothing shrinks, unless somebody has written behind it; what lies
	 * before its old end may stay. */
	if (error && reached > before.size) {
		struct page_batch grown = {.offset = before.size,
		                           .size = reached - before.size,
		                           .size_before = before.size};

		vnode_undo_growth(vnode, &grown, 0);
	}
	return error;
}

static int clear(struct vnode *vnode, uint64_t offset, uint64_t end)
{
	struct page_batch batch;

	while (offset < end) {
		int error = vnode_pages_to_read(vnode, offset, end - offset, &batch);

		if (error)
			return error;
		if (batch.size == 0)
			break;
		for (uint64_t done = 0, piece; done < batch.size; done += piece) {
			void *at;

			piece = page_batch_piece(&batch, done, &at);
			if (at)
				memset(at, 0, piece);
		}
		vnode_mark_batch(vnode, &batch);
		vnode_put_pages(&batch);
		offset += batch.size;
	}
	return 0;
}

int vnode_clear(struct vnode *vnode, uint64_t offset, uint64_t size)
{
	int error;

	if (vnode->attr.flags & FS_ATTR_DIRECT)
		return -EOPNOTSUPP;
	error = vnode_begin_writable_map(vnode);
	if (error)
		return error;
	error = clear(vnode, offset, offset + size);
	vnode_end_writable_map(vnode);
	return error;
}
