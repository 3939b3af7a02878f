/* SPDX-License-Identifier: MIT
 *
 * Pages that lie beside each other go out in one transfer, where all of them is to be written; of
 * the others those sectors that were changed go out, since what lies between may be another file's
 * contents, which do not pass through this cache.
 */
#include <kernel/block/block_batch.h>
#include <kernel/block/block_cache.h>
#include <kernel/block/disk.h>

#define ALL_SECTORS ((1u << BLOCK_PAGE_SECTORS) - 1)

/* One transfer's worth. */
struct run {
	struct block_page *pages[TRANSFER_SEGMENTS_MAX];
	paddr_t memory[TRANSFER_SEGMENTS_MAX];
	unsigned int count;
};

static bool continues(const struct block_page *page, unsigned int rank)
{
	return page && page->written_rank == rank && page->written_dirty == ALL_SECTORS;
}

/* The page and those that follow it on the disk. */
static void gather(struct block_page *first, struct run *run) REQUIRES_LOCK(block_cache_lock)
{
	unsigned int rank = first->written_rank;
	uint32_t disk = first->disk;
	uint64_t index = first->index;
	struct block_page *page = first, *before;

	if (continues(first, rank))
		while (index > 0 &&
		       continues(before = block_cache_in_batch(disk, index - 1), rank)) {
			page = before;
			index--;
		}
	run->count = 0;
	do {
		run->pages[run->count] = page;
		run->memory[run->count++] = page->written;
		page = block_cache_in_batch(disk, ++index);
	} while (run->count < TRANSFER_SEGMENTS_MAX && continues(run->pages[0], rank) &&
	         continues(page, rank));
}

static uint64_t bounded(const struct disk *disk, uint64_t offset, uint64_t size)
{
	uint64_t left = disk_size(disk) - offset;

	return size < left ? size : left;
}

/* The changed sectors of one page. */
static int write_sectors(struct disk *disk, const struct block_page *page)
{
	uint64_t start = page->index << PAGE_SHIFT;
	unsigned int sector = 0, end;
	int error = 0;

	for (; !error && sector < BLOCK_PAGE_SECTORS; sector = end + 1) {
		paddr_t memory = page->written + sector * BLOCK_SECTOR;
		uint64_t offset = start + sector * BLOCK_SECTOR;

		for (end = sector; end < BLOCK_PAGE_SECTORS && page->written_dirty & 1u << end;)
			end++;
		if (end > sector)
			error = disk_transfer(disk, BLOCK_WRITE, offset,
			                      bounded(disk, offset, (end - sector) * BLOCK_SECTOR),
			                      &memory);
	}
	return error;
}

static int write(struct disk *disk, const struct run *run)
{
	uint64_t offset = run->pages[0]->index << PAGE_SHIFT;

	if (run->pages[0]->written_dirty != ALL_SECTORS)
		return write_sectors(disk, run->pages[0]);
	return disk_transfer(disk, BLOCK_WRITE, offset,
	                     bounded(disk, offset, run->count * PAGE_SIZE), run->memory);
}

/* *any: there were some. */
static int write_rank(uint32_t number, enum block_rank rank, bool *any)
{
	struct disk *disk = disk_by_number(number);
	int error = 0;

	*any = false;
	while (!error) {
		struct block_page *page;
		struct run run;

		mutex_lock(&block_cache_lock);
		page = block_cache_next(number, rank);
		if (page)
			gather(page, &run);
		mutex_unlock(&block_cache_lock);
		if (!page)
			break;
		*any = true;
		/* What is in a batch stays in it, and as it is, until its write ends. */
		error = write(disk, &run);
		mutex_lock(&block_cache_lock);
		for (unsigned int i = 0; i < run.count; i++)
			block_page_end_write(run.pages[i], !error);
		mutex_unlock(&block_cache_lock);
	}
	return error;
}

/* The rest of a batch that could not be written is dirty again. */
static void give_up(uint32_t disk)
{
	mutex_lock(&block_cache_lock);
	for (enum block_rank rank = 0; rank < BLOCK_RANKS; rank++) {
		struct block_page *page;

		while ((page = block_cache_next(disk, rank)))
			block_page_end_write(page, false);
	}
	mutex_unlock(&block_cache_lock);
}

int block_batch_write(uint32_t disk, bool contents)
{
	int error = 0;

	for (enum block_rank rank = 0; !error && rank < BLOCK_RANKS; rank++) {
		bool any;

		error = write_rank(disk, rank, &any);
		if (!error && (any || (contents && rank == BLOCK_RANK_CONTENTS)))
			error = disk_flush(disk_by_number(disk));
	}
	if (error)
		give_up(disk);
	return error;
}
