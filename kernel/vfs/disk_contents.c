/* SPDX-License-Identifier: MIT
 *
 * Pages are moved in runs that lie beside each other in the file and on the disk. A page may have
 * several runs, where blocks are smaller than pages.
 */
#include <kernel/block/disk.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/vfs/disk_contents.h>
#include <kernel/vfs/disk_fs_proxies.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/vnode.h>

#define SPAN TRANSFER_SEGMENTS_MAX /* pages moved at a time */
/* Of the machine's pages so many are files' at most, and so many wait to be written. */
#define SHARE_KEPT    2u
#define SHARE_WAITING 8u

/* Some pages of a file that follow each other. */
struct span {
	struct service *service;
	uint64_t object;
	uint64_t first;
	unsigned int count;
	paddr_t pages[SPAN];
	uint32_t on_disk; /* a bit for each page that is not a hole, when it was moved */
};

/* What one run has of a span, from a byte of it on. */
static int move_run(struct span *span, enum block_action action, uint64_t at,
                    const struct fs_run *run, uint64_t size)
{
	unsigned int first = (unsigned int)(at >> PAGE_SHIFT), count = 0;
	paddr_t memory[SPAN];

	for (uint64_t end = at + size;
	     first + count < span->count && (uint64_t)(first + count) << PAGE_SHIFT < end;
	     count++) {
		memory[count] = span->pages[first + count];
		span->on_disk |= 1u << (first + count);
	}
	memory[0] += at % PAGE_SIZE;
	return disk_transfer(disk_by_number(DISK_OF_OBJECT(span->object)), action, run->offset,
	                     size, memory);
}

/* Read or write a span where it lies; what lies nowhere is left as it is. */
static int move(struct span *span, enum block_action action)
{
	uint64_t start = span->first << PAGE_SHIFT, size = (uint64_t)span->count << PAGE_SHIFT;
	uint64_t piece;

	span->on_disk = 0;
	for (uint64_t at = 0; at < size; at += piece) {
		struct fs_run run;
		long error = disk_fs_map(span->service, span->object, start + at, size - at, &run);

		if (error)
			return (int)error;
		piece = run.size < size - at ? run.size : size - at;
		if (!run.hole)
			error = move_run(span, action, at, &run, piece);
		if (error)
			return -EIO;
	}
	return 0;
}

static void put_span(const struct span *span)
{
	for (unsigned int i = 0; i < span->count; i++)
		page_put(core_rights.pages, span->pages[i]);
}

/* ---- room ---- */

/* Pages of files that nobody uses and that are as the disk has them go. */
static void reclaim(void)
{
	for (unsigned int i = 0; i < service_count; i++) {
		struct page_store *store = NULL;

		if (!services[i].on_disks)
			continue;
		while ((store = page_store_next(&services[i], store)))
			page_store_drop_clean(core_rights.pages, store);
	}
}

paddr_t disk_contents_take_page(void)
{
	paddr_t page;

	if (page_store_total() > page_count_total() / SHARE_KEPT)
		reclaim();
	page = page_alloc(core_rights.pages, 0);
	if (!page) {
		reclaim();
		page = page_alloc(core_rights.pages, 0);
	}
	return page;
}

bool disk_contents_are_many(void)
{
	return page_store_marks() > page_count_total() / SHARE_WAITING;
}

/* ---- reading ---- */

/* Nothing behind the file's end is shown. */
static void clear_tail(const struct vnode *vnode, const struct span *span)
{
	uint64_t size = vnode->attr.size, last = size >> PAGE_SHIFT;

	if (size % PAGE_SIZE && last >= span->first && last - span->first < span->count)
		memset((char *)phys_to_virt(span->pages[last - span->first]) + size % PAGE_SIZE, 0,
		       PAGE_SIZE - size % PAGE_SIZE);
}

/* Pages that are missing become the file's, but for its holes: how many, at least one and as many
 * as there is memory for; -EIO, -ENOMEM. */
static int read_span(struct vnode *vnode, struct page_store *store, uint64_t first,
                     unsigned int count)
{
	struct span span = {.service = vnode->service, .object = vnode->object, .first = first};
	int error = 0;

	for (; span.count < count; span.count++) {
		span.pages[span.count] = disk_contents_take_page();
		if (!span.pages[span.count])
			break;
	}
	if (span.count == 0)
		return -ENOMEM;
	error = move(&span, BLOCK_READ);
	if (!error)
		clear_tail(vnode, &span);
	for (unsigned int i = 0; !error && i < span.count; i++)
		if (span.on_disk & 1u << i)
			error = page_store_take_over(core_rights.pages, store, first + i,
			                             span.pages[i]);
	put_span(&span);
	return error ? error : (int)span.count;
}

/* How many pages from one on are missing, at most `most`. */
static unsigned int count_missing(struct page_store *store, uint64_t index, uint64_t most)
{
	unsigned int count = 0;

	while (count < SPAN && count < most && !page_store_has(store, index + count))
		count++;
	return count;
}

static int load(struct vnode *vnode, uint64_t first, uint64_t end, bool ahead)
{
	uint64_t pages = PAGE_ALIGN_UP(vnode->attr.size) >> PAGE_SHIFT;
	struct page_store *store = vnode_store_made(vnode);

	if (!store)
		return -ENOMEM;
	while (first < end) {
		bool follows = ahead && (first == 0 || page_store_has(store, first - 1));
		uint64_t most = follows && pages > first ? pages - first : end - first;
		unsigned int missing = count_missing(store, first, most);
		int read = missing ? read_span(vnode, store, first, missing) : 1;

		if (read < 0)
			return read;
		first += (unsigned int)read;
	}
	return 0;
}

int disk_contents_load(struct vnode *vnode, uint64_t offset, uint64_t size)
{
	return load(vnode, offset >> PAGE_SHIFT, (offset + size + PAGE_SIZE - 1) >> PAGE_SHIFT,
	            true);
}

int disk_contents_load_one(struct vnode *vnode, uint64_t offset)
{
	return load(vnode, offset >> PAGE_SHIFT, (offset >> PAGE_SHIFT) + 1, false);
}

/* ---- writing ---- */

static int write_store(struct service *service, struct page_store *store, bool *any)
{
	struct span span = {.service = service, .object = page_store_object(store)};
	int error = 0;

	while (!error && (span.count = page_store_take_marked(core_rights.pages, store, &span.first,
	                                                      span.pages, SPAN))) {
		*any = true;
		error = move(&span, BLOCK_WRITE);
		if (error == -ENOENT)
			error = 0; /* removed meanwhile */
		if (error)
			page_store_mark(store, span.first, span.count);
		put_span(&span);
		span.first += span.count;
	}
	return error;
}

int disk_contents_write_out(struct service *service, uint32_t disk, bool *any)
{
	struct page_store *store = NULL;
	int first_error = 0;

	*any = false;
	while ((store = page_store_next(service, store))) {
		int error = DISK_OF_OBJECT(page_store_object(store)) == disk
		                    ? write_store(service, store, any)
		                    : 0;

		if (!first_error)
			first_error = error;
	}
	return first_error;
}

int64_t disk_contents_seek(struct vnode *vnode, uint64_t offset, uint64_t size, bool data)
{
	struct fs_run run;

	for (uint64_t at = PAGE_ALIGN_DOWN(offset); at < size; at += run.size) {
		long error = disk_fs_map(vnode->service, vnode->object, at,
		                         PAGE_ALIGN_UP(size) - at, &run);

		if (error)
			return error;
		if (!run.hole == data && at + run.size > offset)
			return (int64_t)(at > offset ? at : offset);
	}
	return data ? -ENXIO : (int64_t)size;
}

void disk_contents_forget(struct service *service, uint32_t disk)
{
	struct page_store *store = NULL;

	while ((store = page_store_next(service, store)))
		if (DISK_OF_OBJECT(page_store_object(store)) == disk)
			page_store_destroy(core_rights.pages, service, page_store_object(store));
}
