/* SPDX-License-Identifier: MIT */
#include <kernel/block/disk_bounce.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/user_copy.h>
#include <kernel/sync/mutex.h>

#define BOUNCE_ORDER_MAX 4

_Static_assert(1u << BOUNCE_ORDER_MAX == TRANSFER_SEGMENTS_MAX, "a bounce is at most a transfer");

/* Parts of sectors are read, changed and written by one at a time. */
static struct mutex rewriting = MUTEX_INIT(rewriting);

void bounce_free(const struct bounce *bounce)
{
	page_put(core_rights.pages, bounce->pages[0]);
}

bool bounce_make(struct bounce *bounce, uint64_t size)
{
	unsigned int order = 0;
	paddr_t first;

	while (order < BOUNCE_ORDER_MAX && PAGE_SIZE << order < size)
		order++;
	while (!(first = page_alloc(core_rights.pages, order)))
		if (order-- == 0)
			return false;
	bounce->bytes = phys_to_virt(first);
	bounce->size = PAGE_SIZE << order;
	for (unsigned int i = 0; i < 1u << order; i++)
		bounce->pages[i] = first + i * PAGE_SIZE;
	return true;
}

/* The sectors of [offset, offset + size) on the disk, as far as the bounce reaches; size becomes
 * how many of the bytes that are. */
struct span {
	uint64_t start, end, skip; /* skip: of the first sector, in front of offset */
};

static struct span span_of(const struct disk *disk, const struct bounce *bounce, uint64_t offset,
                           uint64_t *size)
{
	struct span span = {.start = offset - offset % BLOCK_SECTOR, .skip = offset % BLOCK_SECTOR};
	uint64_t most = bounce->size - span.skip;

	if (*size > disk_size(disk) - offset)
		*size = disk_size(disk) - offset;
	if (*size > most)
		*size = most;
	span.end = (offset + *size + BLOCK_SECTOR - 1) / BLOCK_SECTOR * BLOCK_SECTOR;
	return span;
}

long bounce_read(struct disk *disk, const struct bounce *bounce, void __user *buffer, uint64_t size,
                 uint64_t offset)
{
	struct span span = span_of(disk, bounce, offset, &size);
	int error =
	        disk_transfer(disk, BLOCK_READ, span.start, span.end - span.start, bounce->pages);
	uint64_t done;

	if (error)
		return error;
	done = copy_to_user_partial(buffer, bounce->bytes + span.skip, size);
	return done ? (long)done : -EFAULT;
}

/* The user's bytes into the bounce, and the sectors that they reach into to the disk. */
static long put(struct disk *disk, const struct bounce *bounce, const struct span *span,
                const void __user *buffer, uint64_t size)
{
	uint64_t done = copy_from_user_partial(bounce->bytes + span->skip, buffer, size), sectors;
	int error;

	/* Where it ends early, it ends with a sector: behind that the bounce is not the disk's. */
	if (done < size)
		done -= (span->skip + done) % BLOCK_SECTOR;
	if (done == 0 || done > size)
		return -EFAULT;
	sectors = (span->skip + done + BLOCK_SECTOR - 1) / BLOCK_SECTOR;
	error = disk_transfer(disk, BLOCK_WRITE, span->start, sectors * BLOCK_SECTOR,
	                      bounce->pages);
	return error ? error : (long)done;
}

long bounce_write(struct disk *disk, const struct bounce *bounce, const void __user *buffer,
                  uint64_t size, uint64_t offset)
{
	struct span span = span_of(disk, bounce, offset, &size);
	long result;

	if (span.skip == 0 && size % BLOCK_SECTOR == 0)
		return put(disk, bounce, &span, buffer, size);
	mutex_lock(&rewriting);
	result = disk_transfer(disk, BLOCK_READ, span.start, span.end - span.start, bounce->pages);
	if (!result)
		result = put(disk, bounce, &span, buffer, size);
	mutex_unlock(&rewriting);
	return result;
}
