/* SPDX-License-Identifier: MIT
 *
 * lseek(2), SEEK_DATA and SEEK_HOLE: a page is data, whatever is in it.
 */
#include <kernel/lib/errno.h>
#include <kernel/vfs/disk_contents.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/vnode.h>

static uint64_t next(struct page_store *store, uint64_t index, bool data)
{
	if (!store)
		return data ? UINT64_MAX : index;
	return data ? page_store_next_page(store, index) : page_store_next_hole(store, index);
}

int64_t vnode_seek(struct vnode *vnode, uint64_t offset, bool data)
{
	uint64_t index = offset >> PAGE_SHIFT, found;
	struct fs_attr attr;
	int error = vnode_stat(vnode, &attr);

	if (error)
		return error;
	if (offset >= attr.size)
		return -ENXIO;
	if (vnode_is_on_disk(vnode))
		return disk_contents_seek(vnode, offset, attr.size, data);
	mutex_lock(&vnode->lock);
	found = next(vnode_store(vnode), index, data);
	mutex_unlock(&vnode->lock);
	if (found == index)
		return (int64_t)offset;
	if (found < attr.size >> PAGE_SHIFT ||
	    (found == attr.size >> PAGE_SHIFT && attr.size % PAGE_SIZE))
		return (int64_t)(found << PAGE_SHIFT);
	/* The end of a file is a hole. */
	return data ? -ENXIO : (int64_t)attr.size;
}
