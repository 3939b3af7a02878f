/* SPDX-License-Identifier: MIT
 *
 * sendfile(2), copy_file_range(2), splice(2), tee(2), vmsplice(2): which files, and where in them.
 */
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <linux/uio.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/pipe.h>
#include <kernel/vfs/splice.h>
#include <kernel/vfs/vnode.h>

#define TRANSFER_MAX 0x7ffff000UL

/* <fcntl.h> of glibc; the kernel's own headers do not have them. */
#define SPLICE_NONBLOCK 2u
#define SPLICE_FLAGS    15u

/* One side of a transfer. */
struct side {
	struct file *file;
	void __user *offset; /* where the user keeps the position, or NULL: the file's own */
	uint64_t at;
};

static long begin(struct side *side, int fd, void __user *offset)
{
	int64_t at;

	side->file = file_from_descriptor(fd);
	side->offset = offset;
	if (!side->file)
		return -EBADF;
	side->at = side->file->offset;
	if (!offset)
		return 0;
	if (copy_from_user(&at, offset, sizeof(at)))
		return -EFAULT;
	side->at = (uint64_t)at;
	if (file_is_pipe(side->file))
		return -ESPIPE;
	return at < 0 ? -EINVAL : 0;
}

/* The position moved with what was transferred. */
static long end(struct side *side, long result)
{
	if (side->file && result > 0) {
		if (!side->offset)
			file_set_position(side->file, side->at);
		else if (copy_to_user(side->offset, &side->at, sizeof(side->at)))
			result = -EFAULT;
	}
	file_put(side->file);
	return result;
}

static uint64_t bounded(uint64_t size)
{
	return size < TRANSFER_MAX ? size : TRANSFER_MAX;
}

static long check_open(const struct side *from, const struct side *to)
{
	return file_may_read(from->file) && file_may_write(to->file) ? 0 : -EBADF;
}

static bool is_nonblocking(const struct side *side)
{
	return side->file->flags & O_NONBLOCK;
}

/* ---- sendfile ---- */

static long send(struct side *from, struct side *to, uint64_t size)
{
	long result = check_open(from, to);

	if (result)
		return result;
	/* From pipes and sockets splice(2) moves. */
	if (!from->file->ops->seekable)
		return -EINVAL;
	if (file_is_pipe(to->file))
		return splice_into_pipe(from->file, &from->at, to->file, size, is_nonblocking(to));
	if (to->file->flags & O_APPEND)
		return -EINVAL;
	return splice_files(from->file, &from->at, to->file, &to->at, size);
}

long sys_sendfile(int out, int in, void __user *offset, uint64_t size)
{
	struct side from, to = {NULL, NULL, 0};
	long result = begin(&from, in, offset);

	if (!result)
		result = begin(&to, out, NULL);
	if (!result)
		result = send(&from, &to, bounded(size));
	return end(&from, end(&to, result));
}

/* ---- copy_file_range ---- */

static long check_files(const struct side *from, const struct side *to)
{
	const struct vnode *in = from->file->vnode, *out = to->file->vnode;

	if ((in && S_ISDIR(in->attr.mode)) || (out && S_ISDIR(out->attr.mode)))
		return -EISDIR;
	if (!in || !out || !S_ISREG(in->attr.mode) || !S_ISREG(out->attr.mode))
		return -EINVAL;
	if (check_open(from, to) || (to->file->flags & O_APPEND))
		return -EBADF;
	return vnode_same_file_system(in, out) ? 0 : -EXDEV;
}

static long copy_range(struct side *from, struct side *to, uint64_t size)
{
	long error = check_files(from, to);
	uint64_t end;

	if (error)
		return error;
	if (__builtin_add_overflow(from->at, size, &end) ||
	    __builtin_add_overflow(to->at, size, &end))
		return -EOVERFLOW;
	if (end > INT64_MAX)
		return -EFBIG;
	if (from->file->vnode == to->file->vnode && from->at < to->at + size &&
	    to->at < from->at + size)
		return -EINVAL;
	return splice_files(from->file, &from->at, to->file, &to->at, bounded(size));
}

long sys_copy_file_range(int in, void __user *in_offset, int out, void __user *out_offset,
                         uint64_t size, uint32_t flags)
{
	struct side from, to = {NULL, NULL, 0};
	long result = begin(&from, in, in_offset);

	if (!result)
		result = begin(&to, out, out_offset);
	if (!result && flags)
		result = -EINVAL;
	if (!result)
		result = copy_range(&from, &to, size);
	return end(&from, end(&to, result));
}

/* ---- splice, tee, vmsplice ---- */

static long splice(struct side *from, struct side *to, uint64_t size, bool nonblocking)
{
	bool from_pipe = file_is_pipe(from->file), to_pipe = file_is_pipe(to->file);
	long result = check_open(from, to);

	if (result)
		return result;
	if (from_pipe && to_pipe)
		return splice_pipes(from->file, to->file, size, true,
		                    nonblocking || is_nonblocking(from) || is_nonblocking(to));
	if (to_pipe)
		return splice_into_pipe(from->file, &from->at, to->file, size,
		                        nonblocking || is_nonblocking(to));
	if (!from_pipe || (to->file->flags & O_APPEND))
		return -EINVAL;
	return splice_from_pipe(from->file, to->file, &to->at, size,
	                        nonblocking || is_nonblocking(from));
}

long sys_splice(int in, void __user *in_offset, int out, void __user *out_offset, uint64_t size,
                uint32_t flags)
{
	struct side from, to = {NULL, NULL, 0};
	long result;

	if (size == 0)
		return 0;
	if (flags & ~SPLICE_FLAGS)
		return -EINVAL;
	result = begin(&from, in, in_offset);
	if (!result)
		result = begin(&to, out, out_offset);
	if (!result)
		result = splice(&from, &to, bounded(size), flags & SPLICE_NONBLOCK);
	return end(&from, end(&to, result));
}

long sys_tee(int in, int out, uint64_t size, uint32_t flags)
{
	struct side from, to = {NULL, NULL, 0};
	long result;

	if (flags & ~SPLICE_FLAGS)
		return -EINVAL;
	if (size == 0)
		return 0;
	result = begin(&from, in, NULL);
	if (!result)
		result = begin(&to, out, NULL);
	if (!result)
		result = check_open(&from, &to);
	if (!result && !(file_is_pipe(from.file) && file_is_pipe(to.file)))
		result = -EINVAL;
	if (!result)
		result = splice_pipes(from.file, to.file, bounded(size), false,
		                      (flags & SPLICE_NONBLOCK) || is_nonblocking(&from) ||
		                              is_nonblocking(&to));
	file_put(to.file);
	file_put(from.file);
	return result;
}

/* Segment by segment; only the first one is waited for. */
static long splice_segments(struct file *file, const struct iovec __user *vector, uint64_t count,
                            bool nonblocking)
{
	bool into_pipe = file_may_write(file);
	long total = 0, result = 0;
	struct iovec segment;

	for (uint64_t i = 0; i < count; i++) {
		result = copy_from_user(&segment, &vector[i], sizeof(segment));
		if (!result && segment.iov_len > 0)
			result = splice_user(file, (void __user *)segment.iov_base,
			                     bounded(segment.iov_len), into_pipe,
			                     nonblocking || total > 0);
		if (result < 0)
			break;
		total += result;
		if ((uint64_t)result < segment.iov_len)
			break;
	}
	return total ? total : result;
}

long sys_vmsplice(int fd, const void __user *vector, uint64_t count, uint32_t flags)
{
	struct file *file;
	long result = -EBADF;

	if (flags & ~SPLICE_FLAGS)
		return -EINVAL;
	file = file_from_descriptor(fd);
	if (file && file_is_pipe(file))
		result = count > UIO_MAXIOV
		                 ? -EINVAL
		                 : splice_segments(file, vector, count, flags & SPLICE_NONBLOCK);
	file_put(file);
	return result;
}
