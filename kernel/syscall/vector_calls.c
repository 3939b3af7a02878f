/* SPDX-License-Identifier: MIT
 *
 * readv(2), writev(2) and their kin: one transfer a segment, until one is short.
 */
#include <linux/uio.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/io_count.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>

#define AT_POSITION (-1) /* the file's own */
#define AT_END      (-2)
#define AT_END_KEEP (-3) /* the same, and the position stays */

/* The flags of preadv2(2) (RWF_* of <linux/fs.h>, which are of a type of their own). What is
 * written is stored, so that syncing is no work, and nothing can be polled for. To promise never
 * to wait (RWF_NOWAIT) is refused, as Linux does for files that cannot. */
#define FLAG_HIGH_PRIORITY 1u
#define FLAG_DATA_SYNC     2u
#define FLAG_SYNC          4u
#define FLAG_APPEND        16u
#define FLAGS_KNOWN        (FLAG_HIGH_PRIORITY | FLAG_DATA_SYNC | FLAG_SYNC | FLAG_APPEND)

/* offset: AT_POSITION, AT_END or AT_END_KEEP (to write), or where. */
static long transfer(struct file *file, const struct iovec *segment, int64_t offset, bool is_write)
{
	void __user *base = (void __user *)segment->iov_base;

	if (offset <= AT_END)
		return file_append(file, base, segment->iov_len, offset == AT_END);
	if (is_write)
		return offset == AT_POSITION
		               ? file_write(file, base, segment->iov_len)
		               : file_write_at(file, base, segment->iov_len, (uint64_t)offset);
	return offset == AT_POSITION ? file_read(file, base, segment->iov_len)
	                             : file_read_at(file, base, segment->iov_len, (uint64_t)offset);
}

/* readv(2): lengths that overflow a signed size are refused before anything moves; so are those
 * that lead from the offset, if there is one, behind the largest. */
static long check_vector(const struct iovec __user *vector, int count, int64_t offset)
{
	uint64_t sum = 0;
	struct iovec segment;
	int i;

	if (count < 0 || count > UIO_MAXIOV)
		return -EINVAL;
	for (i = 0; i < count; i++) {
		if (copy_from_user(&segment, &vector[i], sizeof(segment)))
			return -EFAULT;
		if (segment.iov_len > INT64_MAX || sum + segment.iov_len > INT64_MAX)
			return -EINVAL;
		sum += segment.iov_len;
	}
	return offset >= 0 && sum > (uint64_t)(INT64_MAX - offset) ? -EINVAL : 0;
}

static long transfer_segments(struct file *file, const struct iovec __user *vector, int count,
                              int64_t offset, bool is_write)
{
	struct iovec segment;
	long total = 0, result = check_vector(vector, count, offset);
	int i;

	for (i = 0; i < count && result >= 0; i++) {
		result = copy_from_user(&segment, &vector[i], sizeof(segment));
		if (result < 0)
			break;
		if (segment.iov_len == 0)
			continue;
		result = transfer(file, &segment, offset, is_write);
		if (result <= 0)
			break;
		total += result;
		if (offset >= 0)
			offset += result;
		if ((uint64_t)result < segment.iov_len)
			break;
	}
	return total ? total : result;
}

static long transfer_all(int fd, const struct iovec __user *vector, int count, int64_t offset,
                         bool is_write)
{
	struct file *file = file_from_descriptor(fd);
	long result;

	if (!file)
		return -EBADF;
	if (file->ops->transfer_vector && offset == AT_POSITION)
		result = file->ops->transfer_vector(file, vector, (uint64_t)(int64_t)count,
		                                    is_write);
	else
		result = transfer_segments(file, vector, count, offset, is_write);
	file_put(file);
	return is_write ? io_count_write(result) : io_count_read(result);
}

long sys_readv(int fd, const void __user *vector, int count)
{
	return transfer_all(fd, vector, count, AT_POSITION, false);
}

long sys_writev(int fd, const void __user *vector, int count)
{
	return transfer_all(fd, vector, count, AT_POSITION, true);
}

long sys_preadv(int fd, const void __user *vector, int count, int64_t offset)
{
	return offset < 0 ? -EINVAL : transfer_all(fd, vector, count, offset, false);
}

long sys_pwritev(int fd, const void __user *vector, int count, int64_t offset)
{
	return offset < 0 ? -EINVAL : transfer_all(fd, vector, count, offset, true);
}

long sys_preadv2(int fd, const void __user *vector, int count, int64_t offset, int64_t high,
                 uint32_t flags)
{
	if (offset < AT_POSITION)
		return -EINVAL;
	return flags & ~FLAGS_KNOWN ? -EOPNOTSUPP : transfer_all(fd, vector, count, offset, false);
}

long sys_pwritev2(int fd, const void __user *vector, int count, int64_t offset, int64_t high,
                  uint32_t flags)
{
	if (offset < AT_POSITION)
		return -EINVAL;
	if (flags & ~FLAGS_KNOWN)
		return -EOPNOTSUPP;
	if (flags & FLAG_APPEND)
		offset = offset == AT_POSITION ? AT_END : AT_END_KEEP;
	return transfer_all(fd, vector, count, offset, true);
}
