/* SPDX-License-Identifier: MIT
 *
 * Open block devices (/dev/vda and so on): reads and writes of any place and size, through pages of
 * the core's. Nothing is kept: a write is with the device when it returns (BLKFLSBUF and fsync(2)
 * flush the device's own cache).
 */
#include <asm/ioctl.h>
#include <kernel/block/disk_bounce.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/vfs/file.h>
#include <linux/fs.h>
#include <linux/stat.h>

static struct disk *disk_of(const struct file *file)
{
	return file->state;
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
		result = bounce_read(disk, &bounce, (char __user *)buffer + total, size - total,
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
		result = bounce_write(disk, &bounce, (const char __user *)buffer + total,
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
