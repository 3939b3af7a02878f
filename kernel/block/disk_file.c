/* SPDX-License-Identifier: MIT
 *
 * Open block devices (/dev/vda and so on): reads and writes of any place and size, through pages of
 * the core's. Nothing is kept: a write is with the device when it returns (BLKFLSBUF and fsync(2)
 * flush the device's own cache).
 */
#include <asm/ioctl.h>
#include <kernel/block/disk.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/user_copy.h>
#include <kernel/vfs/file.h>
#include <linux/fs.h>
#include <linux/stat.h>

/* The memory through which one call's bytes pass: a run of pages. */
struct bounce {
	char *bytes;
	uint64_t size;
	paddr_t pages[TRANSFER_SEGMENTS_MAX];
};

#define BOUNCE_ORDER_MAX 4

_Static_assert(1u << BOUNCE_ORDER_MAX == TRANSFER_SEGMENTS_MAX, "a bounce is at most a transfer");

/* Parts of sectors are read, changed and written by one at a time. */
static struct mutex rewriting = MUTEX_INIT(rewriting);

static struct disk *disk_of(const struct file *file)
{
	return file->state;
}

static void bounce_free(const struct bounce *bounce)
{
	page_put(core_rights.pages, bounce->pages[0]);
}

/* For so many bytes, or as many as there is memory for: false when there is none. */
static bool bounce_make(struct bounce *bounce, uint64_t size)
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

static long read_some(struct disk *disk, const struct bounce *bounce, void __user *buffer,
                      uint64_t size, uint64_t offset)
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

static long write_some(struct disk *disk, const struct bounce *bounce, const void __user *buffer,
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

static long disk_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct disk *disk = disk_of(file);
	struct bounce bounce;
	uint64_t total = 0;
	long result = 0;

	if (*offset >= disk_size(disk) || size == 0)
		return 0;
	if (!bounce_make(&bounce, size + BLOCK_SECTOR))
		return -ENOMEM;
	while (total < size && *offset < disk_size(disk)) {
		result = read_some(disk, &bounce, (char __user *)buffer + total, size - total,
		                   *offset);
		if (result < 0)
			break;
		total += (uint64_t)result;
		*offset += (uint64_t)result;
	}
	bounce_free(&bounce);
	return total ? (long)total : result;
}

static long disk_write(struct file *file, const void __user *buffer, uint64_t size,
                       uint64_t *offset)
{
	struct disk *disk = disk_of(file);
	struct bounce bounce;
	uint64_t total = 0;
	long result = 0;

	if (size == 0)
		return 0;
	if (disk_is_held(disk))
		return -EBUSY;
	if (*offset >= disk_size(disk))
		return -ENOSPC;
	if (!bounce_make(&bounce, size + BLOCK_SECTOR))
		return -ENOMEM;
	while (total < size && *offset < disk_size(disk)) {
		result = write_some(disk, &bounce, (const char __user *)buffer + total,
		                    size - total, *offset);
		if (result < 0)
			break;
		total += (uint64_t)result;
		*offset += (uint64_t)result;
	}
	bounce_free(&bounce);
	return total ? (long)total : result;
}

static long answer_user(uint64_t argument, const void *value, uint64_t size)
{
	return copy_to_user((void __user *)argument, value, size) ? -EFAULT : 0;
}

/* BLKDISCARD: where, and how many bytes. */
static long discard(struct file *file, uint64_t argument)
{
	uint64_t range[2];

	if (!file_may_write(file))
		return -EBADF;
	if (copy_from_user(range, (const void __user *)argument, sizeof(range)))
		return -EFAULT;
	return disk_discard(disk_of(file), range[0], range[1]);
}

/* The ioctls of ioctl_list(2) that ask for sizes, the flush and the discard. */
static long disk_ioctl(struct file *file, unsigned int command, uint64_t argument)
{
	const struct disk *disk = disk_of(file);
	uint64_t size = disk_size(disk), sectors = size / BLOCK_SECTOR;
	uint32_t sector = BLOCK_SECTOR, read_only = disk_is_read_only(disk);

	switch (command) {
	case BLKGETSIZE64:
		return answer_user(argument, &size, sizeof(size));
	case BLKGETSIZE:
		return answer_user(argument, &sectors, sizeof(sectors));
	case BLKSSZGET:
	case BLKPBSZGET:
	case BLKBSZGET:
		return answer_user(argument, &sector, sizeof(sector));
	case BLKROGET:
		return answer_user(argument, &read_only, sizeof(read_only));
	case BLKDISCARD:
		return discard(file, argument);
	case BLKFLSBUF:
		return disk_flush(disk_of(file));
	default:
		return -ENOTTY;
	}
}

static int disk_sync(struct file *file)
{
	return disk_flush(disk_of(file));
}

static uint64_t disk_end(const struct file *file)
{
	return disk_size(disk_of(file));
}

static const struct file_ops disk_ops = {
        .kind = "block device",
        .seekable = true,
        .read = disk_read,
        .write = disk_write,
        .ioctl = disk_ioctl,
        .sync = disk_sync,
        .end = disk_end,
};

int disk_open(struct file *file, uint32_t number)
{
	struct disk *disk = disk_by_number(number);

	if (!disk)
		return -ENXIO;
	if (file_may_write(file) && disk_is_read_only(disk))
		return -EROFS;
	/* What is mounted is written through its file system alone. */
	if (file_may_write(file) && disk_is_held(disk))
		return -EBUSY;
	file->ops = &disk_ops;
	file->state = disk;
	return 0;
}
