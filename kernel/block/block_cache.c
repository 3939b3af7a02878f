/* SPDX-License-Identifier: MIT
 *
 * A hash table of pages. Those that are as the disk has them go when there are too many, what was
 * used longest ago first; those that are not stay until they are written (block_cache_is_full).
 */
#include <kernel/block/block_cache.h>
#include <kernel/block/disk.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>

#define BUCKETS 1024u
/* Of the machine's pages the cache keeps one in so many, clean, and lets one in so many wait. */
#define SHARE         16u
#define SHARE_WAITING 32u

struct mutex block_cache_lock = MUTEX_INIT(block_cache_lock);

static struct {
	struct list buckets[BUCKETS];
	struct list clean; /* the one used longest ago first */
	struct list dirty[DISKS_MAX], batch[DISKS_MAX][BLOCK_RANKS];
	uint64_t pages, dirty_pages; /* dirty_pages: of all disks, that no batch has */
	bool ready;
} cache GUARDED_BY(block_cache_lock);

static void make_ready(void) REQUIRES_LOCK(block_cache_lock)
{
	if (cache.ready)
		return;
	for (unsigned int i = 0; i < BUCKETS; i++)
		list_init(&cache.buckets[i]);
	list_init(&cache.clean);
	for (unsigned int i = 0; i < DISKS_MAX; i++) {
		list_init(&cache.dirty[i]);
		for (unsigned int rank = 0; rank < BLOCK_RANKS; rank++)
			list_init(&cache.batch[i][rank]);
	}
	cache.ready = true;
}

static struct list *bucket_of(uint32_t disk, uint64_t index) REQUIRES_LOCK(block_cache_lock)
{
	uint64_t key = (index * DISKS_MAX + disk) * 0x9e3779b97f4a7c15UL;

	return &cache.buckets[(key >> 32) % BUCKETS];
}

static struct block_page *find(uint32_t disk, uint64_t index) REQUIRES_LOCK(block_cache_lock)
{
	struct list *bucket = bucket_of(disk, index), *node, *scratch;

	list_for_each(node, scratch, bucket)
	{
		struct block_page *page = list_entry(node, struct block_page, link);

		if (page->disk == disk && page->index == index)
			return page;
	}
	return NULL;
}

void *block_page_bytes(const struct block_page *page)
{
	return phys_to_virt(page->frame);
}

void block_page_drop(struct block_page *page)
{
	list_remove(&page->link);
	list_remove(&page->place);
	list_remove(&page->batch);
	if (page->written && page->written != page->frame)
		page_put(core_rights.pages, page->written);
	page_put(core_rights.pages, page->frame);
	if (page->dirty)
		cache.dirty_pages--;
	heap_free(&core_heap, page);
	cache.pages--;
}

/* Where it belongs, by what is to be done with it. */
static void put_in_place(struct block_page *page) REQUIRES_LOCK(block_cache_lock)
{
	list_remove(&page->place);
	if (page->dirty)
		list_add_tail(&cache.dirty[page->disk], &page->place);
	else if (!page->written)
		list_add_tail(&cache.clean, &page->place);
}

static void make_room(void) REQUIRES_LOCK(block_cache_lock)
{
	while (cache.pages > page_count_total() / SHARE && !list_empty(&cache.clean))
		block_page_drop(list_entry(cache.clean.next, struct block_page, place));
}

static int read(const struct block_page *page)
{
	struct disk *disk = disk_by_number(page->disk);
	uint64_t offset = page->index << PAGE_SHIFT, left = disk_size(disk) - offset;

	return disk_transfer(disk, BLOCK_READ, offset, left < PAGE_SIZE ? left : PAGE_SIZE,
	                     &page->frame);
}

static struct block_page *make(uint32_t disk, uint64_t index)
{
	struct block_page *page = heap_alloc(&core_heap, sizeof(*page));

	if (!page)
		return NULL;
	page->frame = page_alloc(core_rights.pages, 0);
	if (!page->frame) {
		heap_free(&core_heap, page);
		return NULL;
	}
	page->disk = disk;
	page->index = index;
	list_init(&page->place);
	list_init(&page->batch);
	return page;
}

int block_cache_get(uint32_t disk, uint64_t offset, bool blank, struct block_page **result,
                    bool *made)
{
	uint64_t index = offset >> PAGE_SHIFT;
	struct block_page *page;
	int error;

	make_ready();
	*result = page = find(disk, index);
	*made = !page;
	if (page) {
		if (!page->dirty)
			put_in_place(page);
		return 0;
	}
	make_room();
	page = make(disk, index);
	if (!page)
		return -ENOMEM;
	error = blank ? 0 : read(page);
	if (error) {
		page_put(core_rights.pages, page->frame);
		heap_free(&core_heap, page);
		return error == -ENOMEM ? error : -EIO;
	}
	list_add_tail(bucket_of(disk, index), &page->link);
	cache.pages++;
	put_in_place(page);
	*result = page;
	return 0;
}

int block_page_own(struct block_page *page)
{
	paddr_t copy;

	if (page->written != page->frame)
		return 0;
	copy = page_alloc(core_rights.pages, 0);
	if (!copy)
		return -ENOMEM;
	memcpy(phys_to_virt(copy), phys_to_virt(page->frame), PAGE_SIZE);
	page->frame = copy;
	return 0;
}

void block_page_mark(struct block_page *page, uint64_t offset, uint64_t size, enum block_rank rank)
{
	uint64_t first = offset / BLOCK_SECTOR, last = (offset + size - 1) / BLOCK_SECTOR;
	bool was_clean = !page->dirty;

	for (uint64_t sector = first; sector <= last; sector++)
		page->dirty |= (uint8_t)(1u << sector);
	if (was_clean || page->rank < rank)
		page->rank = (uint8_t)rank;
	if (was_clean) {
		cache.dirty_pages++;
		put_in_place(page);
	}
}

void block_cache_seal(uint32_t disk)
{
	struct list *node, *scratch;

	make_ready();
	list_for_each(node, scratch, &cache.dirty[disk])
	{
		struct block_page *page = list_entry(node, struct block_page, place);

		page->written = page->frame;
		page->written_dirty = page->dirty;
		page->written_rank = page->rank;
		page->dirty = 0;
		cache.dirty_pages--;
		put_in_place(page);
		list_add_tail(&cache.batch[disk][page->rank], &page->batch);
	}
}

struct block_page *block_cache_next(uint32_t disk, enum block_rank rank)
{
	struct list *batch = &cache.batch[disk][rank];

	make_ready();
	return list_empty(batch) ? NULL : list_entry(batch->next, struct block_page, batch);
}

struct block_page *block_cache_in_batch(uint32_t disk, uint64_t index)
{
	struct block_page *page = find(disk, index);

	return page && page->written ? page : NULL;
}

void block_page_end_write(struct block_page *page, bool written)
{
	if (page->written != page->frame)
		page_put(core_rights.pages, page->written);
	page->written = 0;
	list_remove(&page->batch);
	if (!written) {
		if (!page->dirty)
			cache.dirty_pages++;
		if (!page->dirty || page->rank < page->written_rank)
			page->rank = page->written_rank;
		page->dirty |= page->written_dirty;
	}
	put_in_place(page);
}

void block_cache_forget(uint32_t disk)
{
	mutex_lock(&block_cache_lock);
	make_ready();
	for (unsigned int i = 0; i < BUCKETS; i++) {
		struct list *node, *scratch;

		list_for_each(node, scratch, &cache.buckets[i])
		{
			struct block_page *page = list_entry(node, struct block_page, link);

			if (page->disk == disk)
				block_page_drop(page);
		}
	}
	mutex_unlock(&block_cache_lock);
}

bool block_cache_is_dirty(uint32_t disk)
{
	bool dirty;

	mutex_lock(&block_cache_lock);
	make_ready();
	dirty = !list_empty(&cache.dirty[disk]);
	mutex_unlock(&block_cache_lock);
	return dirty;
}

bool block_cache_is_full(void)
{
	bool full;

	mutex_lock(&block_cache_lock);
	full = cache.dirty_pages > page_count_total() / SHARE_WAITING;
	mutex_unlock(&block_cache_lock);
	return full;
}

uint64_t block_cache_pages(void)
{
	uint64_t pages;

	mutex_lock(&block_cache_lock);
	pages = cache.pages;
	mutex_unlock(&block_cache_lock);
	return pages;
}
