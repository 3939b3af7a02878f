/* SPDX-License-Identifier: MIT
 *
 * Contents and attributes of a vnode. Contents are core pages, which the core
 * copies itself: a service hears of a write (extend), never of a read. Files
 * with FS_ATTR_DIRECT have no pages; their service is asked for each byte.
 */
#include <asm/resource.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/disk_contents.h>
#include <kernel/vfs/disk_fs.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/memory_file.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/vnode_contents.h>
#include <linux/stat.h>

struct page_store *vnode_store(struct vnode *vnode)
{
	if (vnode->store && page_store_is_destroyed(vnode->store)) {
		page_store_put(vnode->store);
		vnode->store = NULL;
	}
	if (!vnode->store)
		vnode->store = page_store_find(vnode->service, vnode->object);
	return vnode->store;
}

/* The object lives, since its service just said so and the vnode keeps it. */
struct page_store *vnode_store_made(struct vnode *vnode)
{
	if (!vnode_store(vnode))
		vnode->store = page_store_open(vnode->service, vnode->object);
	return vnode->store;
}

void vnode_put_pages(const struct page_batch *batch)
{
	for (unsigned int i = 0; i < batch->count; i++)
		if (batch->pages[i])
			page_put(core_rights.pages, batch->pages[i]);
}

void vnode_mark_batch(struct vnode *vnode, const struct page_batch *batch)
{
	if (!vnode_is_on_disk(vnode))
		return;
	mutex_lock(&vnode->lock);
	disk_contents_mark(vnode, batch->offset, batch->size);
	mutex_unlock(&vnode->lock);
}

void vnode_end_write(struct vnode *vnode, const struct page_batch *batch)
{
	vnode_mark_batch(vnode, batch);
	vnode_put_pages(batch);
	vnode_end_writable_map(vnode);
}

/* Attributes to rely on, under the lock. The core made every change, and was told of most: the
 * rest made the vnode stale. */
static int refresh(struct vnode *vnode)
{
	struct fs_attr attr;
	long error;

	if (!__atomic_exchange_n(&vnode->stale, false, __ATOMIC_ACQ_REL) &&
	    !(vnode->attr.flags & FS_ATTR_DIRECT))
		return 0;
	attr = vnode->attr;
	error = fs_getattr(vnode->service, vnode->object, &attr);
	if (error < 0) {
		vnode_outdated(vnode);
		return (int)error;
	}
	vnode->attr = attr;
	vnode->suspect = false;
	return 0;
}

/* Pages that are read or made now stay until they are taken. Under the lock. */
static struct page_store *pin(struct vnode *vnode)
{
	struct page_store *store = vnode_is_on_disk(vnode) ? vnode_store_made(vnode) : NULL;

	if (store)
		page_store_pin(store);
	return store;
}

static void unpin(struct page_store *store)
{
	if (store)
		page_store_unpin(store);
}

static uint64_t batch_bytes(uint64_t offset, uint64_t size)
{
	uint64_t most = PAGE_BATCH * PAGE_SIZE - offset % PAGE_SIZE;

	return size < most ? size : most;
}

/* The pages of [offset, offset + size), size cut to what a batch holds. Under the lock. */
static void take_pages(struct vnode *vnode, uint64_t offset, uint64_t size,
                       struct page_batch *batch)
{
	struct page_store *store = vnode_store(vnode);
	uint64_t first = offset >> PAGE_SHIFT, end;

	batch->offset = offset;
	batch->size = batch_bytes(offset, size);
	end = (offset + batch->size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	batch->count = (unsigned int)(end - first);
	for (unsigned int i = 0; i < batch->count; i++)
		batch->pages[i] = store ? page_store_page(core_rights.pages, store, first + i) : 0;
}

int vnode_pages_to_read(struct vnode *vnode, uint64_t offset, uint64_t size,
                        struct page_batch *batch)
{
	struct page_store *pinned;
	uint64_t file_size;
	int error;

	mutex_lock(&vnode->lock);
	error = refresh(vnode);
	pinned = pin(vnode);
	file_size = vnode->attr.size;
	if (offset >= file_size)
		size = 0;
	else if (size > file_size - offset)
		size = file_size - offset;
	if (!error && size && vnode_is_on_disk(vnode))
		error = disk_contents_load(vnode, offset, batch_bytes(offset, size));
	if (!error)
		take_pages(vnode, offset, size, batch);
	unpin(pinned);
	mutex_unlock(&vnode->lock);
	return error;
}

/* Have the service make room. Under the lock. */
static long extend(struct vnode *vnode, uint64_t offset, uint64_t size, uint32_t *made)
{
	struct fs_attr attr = vnode->attr;
	long error;

	if (vnode_is_on_disk(vnode))
		return disk_contents_extend(vnode, offset, size, made);
	error = fs_extend(vnode->service, vnode->object, offset, size, &attr);
	if (error >= 0)
		vnode->attr = attr;
	else if (vnode_store(vnode)) /* what was reserved behind the end for nothing goes again */
		page_store_truncate(core_rights.pages, vnode->store, vnode->attr.size);
	return error;
}

int vnode_pages_to_write(struct vnode *vnode, uint64_t offset, uint64_t size, bool append,
                         struct page_batch *batch)
{
	struct page_store *pinned;
	uint64_t limit;
	long error;

	disk_sync_if_many(vnode);
	mutex_lock(&vnode->lock);
	error = refresh(vnode);
	if (error) {
		mutex_unlock(&vnode->lock);
		return (int)error;
	}
	if (append)
		offset = vnode->attr.size;
	batch->size_before = vnode->attr.size;
	limit = resource_limit(RLIMIT_FSIZE);
	if (offset < limit && size > limit - offset)
		size = limit - offset;
	if (offset >= limit || offset + size < offset || offset + size > INT64_MAX) {
		mutex_unlock(&vnode->lock);
		return -EFBIG;
	}
	size = batch_bytes(offset, size);
	batch->made = 0;
	pinned = pin(vnode);
	error = seals_check_write(vnode, offset + size);
	if (!error)
		error = extend(vnode, offset, size, &batch->made);
	/* Where there is no room for all, a page may still go in (write(2): a short count). */
	if ((error == -ENOSPC || error == -ENOMEM) && size > PAGE_SIZE - offset % PAGE_SIZE) {
		size = PAGE_SIZE - offset % PAGE_SIZE;
		error = extend(vnode, offset, size, &batch->made);
	}
	if (error >= 0)
		take_pages(vnode, offset, size, batch);
	unpin(pinned);
	if (error < 0) {
		mutex_unlock(&vnode->lock);
		return (int)error;
	}
	__atomic_fetch_add(&vnode->writable_maps, 1, __ATOMIC_RELAXED);
	mutex_unlock(&vnode->lock);
	/* A service that promised pages and has none broke its word: no silent loss. */
	for (unsigned int i = 0; i < batch->count; i++)
		if (!batch->pages[i]) {
			vnode_end_write(vnode, batch);
			return -EIO;
		}
	return 0;
}

/* Pages of contents that are on the disk still and were to be written over, but were not: how many
 * bytes of the batch come before them. Under the lock. */
static uint64_t drop_made(struct vnode *vnode, const struct page_batch *batch, uint64_t written)
{
	for (unsigned int i = batch->count; i-- > 0;) {
		uint64_t start = PAGE_ALIGN_DOWN(batch->offset) + i * PAGE_SIZE;
		uint64_t end = start + PAGE_SIZE;

		if (!(batch->made & 1u << i) || start >= batch->size_before ||
		    end <= batch->offset + written)
			continue;
		disk_contents_undo(vnode, start, 1);
		if (batch->offset + written > start)
			written = start > batch->offset ? start - batch->offset : 0;
	}
	return written;
}

void vnode_undo_growth(struct vnode *vnode, const struct page_batch *batch, uint64_t written)
{
	uint64_t end = batch->offset + written;
	struct fs_attr attr;

	if (end < batch->size_before)
		end = batch->size_before;
	mutex_lock(&vnode->lock);
	/* Only while nobody else has written behind it. */
	attr = vnode->attr;
	if (attr.size == batch->offset + batch->size && end < attr.size) {
		attr.size = end;
		if (fs_setattr(vnode->service, vnode->object, &attr, FS_SET_SIZE) == 0) {
			vnode->attr = attr;
			if (vnode_store(vnode))
				page_store_truncate(core_rights.pages, vnode->store, end);
		}
	}
	mutex_unlock(&vnode->lock);
}

uint64_t vnode_cut_write(struct vnode *vnode, const struct page_batch *batch, uint64_t written)
{
	if (batch->made) {
		mutex_lock(&vnode->lock);
		written = drop_made(vnode, batch, written);
		mutex_unlock(&vnode->lock);
	}
	vnode_end_write(vnode, batch);
	vnode_undo_growth(vnode, batch, written);
	return written;
}

uint64_t page_batch_piece(const struct page_batch *batch, uint64_t done, void **address)
{
	uint64_t position = batch->offset + done;
	uint64_t index = (position >> PAGE_SHIFT) - (batch->offset >> PAGE_SHIFT);
	uint64_t piece = PAGE_SIZE - position % PAGE_SIZE;

	if (piece > batch->size - done)
		piece = batch->size - done;
	*address = batch->pages[index]
	                   ? (char *)phys_to_virt(batch->pages[index]) + position % PAGE_SIZE
	                   : NULL;
	return piece;
}

int vnode_take_over(struct vnode *vnode, paddr_t first, uint64_t count)
{
	struct page_store *store;
	uint32_t made;
	int error;

	mutex_lock(&vnode->lock);
	error = refresh(vnode);
	store = error ? NULL : vnode_store_made(vnode);
	if (!error && !store)
		error = -ENOMEM;
	for (uint64_t i = 0; !error && i < count; i++)
		error = page_store_take_over(core_rights.pages, store, i, first + i * PAGE_SIZE);
	/* The service finds its pages there, and counts them. */
	if (!error)
		error = (int)extend(vnode, 0, count * PAGE_SIZE, &made);
	else if (store)
		page_store_truncate(core_rights.pages, store, vnode->attr.size);
	mutex_unlock(&vnode->lock);
	return error;
}

/* A page for a hole that is being mapped. */
static int fill_hole(struct vnode *vnode, uint64_t offset, paddr_t *page)
{
	struct fs_attr attr;
	long error = fs_getattr(vnode->service, vnode->object, &attr);

	if (error < 0)
		return -EIO;
	if (!vnode_store_made(vnode))
		return -ENOMEM;
	error = page_store_reserve(core_rights.pages, vnode->store, offset, 1);
	if (error)
		return (int)error;
	*page = page_store_page(core_rights.pages, vnode->store, offset >> PAGE_SHIFT);
	return *page ? 0 : -EIO;
}

/* A page of a disk's file that may be written through the mapping: it has blocks, and counts as
 * written to. */
static int make_writable(struct vnode *vnode, uint64_t offset)
{
	uint64_t start = PAGE_ALIGN_DOWN(offset), size = vnode->attr.size - start;
	struct fs_attr attr = vnode->attr;
	long error = fs_extend(vnode->service, vnode->object, start,
	                       size < PAGE_SIZE ? size : PAGE_SIZE, &attr);

	if (error)
		return (int)error;
	vnode->attr = attr;
	page_store_keep_marks(vnode->store, true);
	disk_contents_mark(vnode, offset, 1);
	return 0;
}

/* Under the lock. */
static int find_page(struct vnode *vnode, uint64_t offset, paddr_t *page)
{
	bool on_disk = vnode_is_on_disk(vnode);
	struct page_store *store;
	int error = on_disk ? disk_contents_load(vnode, offset, 1) : 0;

	store = vnode_store(vnode);
	if (!error && store)
		*page = page_store_page(core_rights.pages, store, offset >> PAGE_SHIFT);
	if (!error && !*page)
		error = fill_hole(vnode, offset, page);
	if (!error && on_disk && __atomic_load_n(&vnode->writable_maps, __ATOMIC_RELAXED))
		error = make_writable(vnode, offset);
	if (error && *page) {
		page_put(core_rights.pages, *page);
		*page = 0;
	}
	return error;
}

int vnode_page(struct vnode *vnode, uint64_t offset, paddr_t *page)
{
	struct page_store *pinned;
	int error;

	*page = 0;
	if (!S_ISREG(vnode->attr.mode) || (vnode->attr.flags & FS_ATTR_DIRECT))
		return -EIO;
	mutex_lock(&vnode->lock);
	error = refresh(vnode);
	pinned = pin(vnode);
	if (!error && offset >= PAGE_ALIGN_UP(vnode->attr.size))
		error = -EIO;
	if (!error)
		error = find_page(vnode, offset, page);
	unpin(pinned);
	mutex_unlock(&vnode->lock);
	return error;
}

bool vnode_has_page(struct vnode *vnode, uint64_t offset)
{
	struct page_store *store;
	paddr_t page = 0;

	mutex_lock(&vnode->lock);
	store = vnode_store(vnode);
	if (store)
		page = page_store_page(core_rights.pages, store, offset >> PAGE_SHIFT);
	mutex_unlock(&vnode->lock);
	if (page)
		page_put(core_rights.pages, page);
	return page != 0;
}

void vnode_outdated(struct vnode *vnode)
{
	__atomic_store_n(&vnode->stale, true, __ATOMIC_RELEASE);
}

int vnode_stat(struct vnode *vnode, struct fs_attr *attr)
{
	int error;

	mutex_lock(&vnode->lock);
	error = refresh(vnode);
	*attr = vnode->attr;
	mutex_unlock(&vnode->lock);
	return error;
}

int vnode_setattr(struct vnode *vnode, const struct fs_attr *attr, uint32_t valid)
{
	struct fs_attr set = *attr;
	long error;

	mutex_lock(&vnode->lock);
	error = valid & FS_SET_SIZE ? seals_check_size(vnode, attr->size) : 0;
	if (!error && (valid & FS_SET_SIZE) && vnode_is_on_disk(vnode))
		error = disk_contents_end_at(vnode, attr->size);
	if (!error)
		error = fs_setattr(vnode->service, vnode->object, &set, valid);
	if (error >= 0) {
		vnode->attr = set;
		/* Pages go after the service's word, not before: a call that fails half-way
		 * leaves the contents as they were. */
		if ((valid & FS_SET_SIZE) && vnode_store(vnode))
			page_store_truncate(core_rights.pages, vnode->store, set.size);
	}
	mutex_unlock(&vnode->lock);
	if (error >= 0)
		notify_attributes(vnode, valid);
	return error < 0 ? (int)error : 0;
}
