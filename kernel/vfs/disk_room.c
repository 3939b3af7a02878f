/* SPDX-License-Identifier: MIT
 *
 * Pages and blocks for what is to be written to files on disks.
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/vfs/disk_contents.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/vnode.h>

int disk_contents_end_at(struct vnode *vnode, uint64_t size)
{
	uint64_t end = size < vnode->attr.size ? size : vnode->attr.size;
	int error;

	if (end % PAGE_SIZE == 0)
		return 0;
	error = disk_contents_load_one(vnode, end);
	if (!error)
		disk_contents_mark(vnode, end, 1);
	return error;
}

/* What is written over in part is needed. */
static int load_edges(struct vnode *vnode, uint64_t offset, uint64_t size)
{
	uint64_t end = offset + size, file_end = vnode->attr.size;
	int error = 0;

	if (offset > file_end)
		error = disk_contents_end_at(vnode, offset);
	if (!error && offset % PAGE_SIZE && PAGE_ALIGN_DOWN(offset) < file_end)
		error = disk_contents_load_one(vnode, offset);
	if (!error && end % PAGE_SIZE && end < file_end)
		error = disk_contents_load_one(vnode, end);
	return error;
}

/* Pages to be written to, and those that are written over in part read. */
static int prepare(struct vnode *vnode, uint64_t offset, uint64_t size, uint32_t *made)
{
	uint64_t first = offset >> PAGE_SHIFT, count;
	struct page_store *store = vnode_store_made(vnode);
	int error;

	*made = 0;
	if (!store)
		return -ENOMEM;
	error = load_edges(vnode, offset, size);
	count = ((offset + size + PAGE_SIZE - 1) >> PAGE_SHIFT) - first;
	for (uint64_t i = 0; !error && i < count; i++) {
		paddr_t page;

		if (page_store_has(store, first + i))
			continue;
		page = disk_contents_take_page();
		error = page ? page_store_take_over(core_rights.pages, store, first + i, page)
		             : -ENOMEM;
		if (page)
			page_put(core_rights.pages, page);
		if (!error)
			*made |= 1u << i;
	}
	if (error)
		disk_contents_undo(vnode, offset, *made);
	return error;
}

/* Blocks that were freed are free when that was written. */
long disk_contents_extend(struct vnode *vnode, uint64_t offset, uint64_t size, uint32_t *made)
{
	struct fs_attr attr = vnode->attr;
	long error = prepare(vnode, offset, size, made);

	if (error)
		return error;
	error = WITH_ROOM_FREED(vnode,
	                        fs_extend(vnode->service, vnode->object, offset, size, &attr));
	if (error >= 0)
		vnode->attr = attr;
	else
		disk_contents_undo(vnode, offset, *made);
	return error;
}

void disk_contents_undo(struct vnode *vnode, uint64_t offset, uint32_t made)
{
	for (unsigned int i = 0; i < 32; i++)
		if (made & 1u << i)
			page_store_drop(core_rights.pages, vnode->store,
			                (offset >> PAGE_SHIFT) + i);
}

void disk_contents_mark(struct vnode *vnode, uint64_t offset, uint64_t size)
{
	uint64_t first = offset >> PAGE_SHIFT;

	if (vnode_store(vnode) && size)
		page_store_mark(vnode->store, first,
		                ((offset + size - 1) >> PAGE_SHIFT) - first + 1);
}
