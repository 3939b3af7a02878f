/* SPDX-License-Identifier: MIT
 *
 * flock(2), and fcntl(2) on record locks.
 */
#include <linux/fcntl.h>
#include <linux/fs.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/record_lock.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/file_lock.h>
#include <kernel/vfs/fs.h>

static long flock_type(int operation, enum file_lock_type *type)
{
	switch (operation & ~LOCK_NB) {
	case LOCK_SH:
		*type = FILE_LOCK_SHARED;
		return 0;
	case LOCK_EX:
		*type = FILE_LOCK_EXCLUSIVE;
		return 0;
	case LOCK_UN:
		*type = FILE_UNLOCKED;
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_flock(int fd, int operation)
{
	struct file_lock_request request = {.kind = FILE_LOCK_WHOLE, .last = FILE_LOCK_END};
	long result = flock_type(operation, &request.type);
	struct file *file;

	if (result)
		return result;
	file = file_from_descriptor(fd);
	if (!file || (file->flags & O_PATH))
		result = -EBADF;
	else
		result = file_lock_set(file, &request, !(operation & LOCK_NB));
	file_put(file);
	return result;
}

/* ---- record locks ---- */

/* What l_start counts from. */
static long base_of(struct file *file, int whence, int64_t *base)
{
	struct fs_attr attr;
	long error;

	*base = 0;
	switch (whence) {
	case SEEK_SET:
		return 0;
	case SEEK_CUR:
		*base = (int64_t)file->offset;
		return 0;
	case SEEK_END:
		error = file_stat(file, &attr);
		*base = (int64_t)attr.size;
		return error;
	default:
		return -EINVAL;
	}
}

/* The bytes that l_start and l_len name (fcntl(2)): a length of 0 means all, below 0 those
 * before. */
static long set_range(struct file *file, const struct flock *lock, struct file_lock_request *range)
{
	int64_t first, last;
	long error = base_of(file, lock->l_whence, &first);

	if (error)
		return error;
	if (__builtin_add_overflow(first, lock->l_start, &first))
		return -EOVERFLOW;
	if (first < 0)
		return -EINVAL;
	last = FILE_LOCK_END;
	if (lock->l_len > 0 && __builtin_add_overflow(first, lock->l_len - 1, &last))
		return -EOVERFLOW;
	if (lock->l_len < 0) {
		last = first - 1;
		first += lock->l_len;
		if (first < 0)
			return -EINVAL;
	}
	range->first = (uint64_t)first;
	range->last = (uint64_t)last;
	return 0;
}

static long set_type(const struct file *file, int type, bool only_asked,
                     struct file_lock_request *request)
{
	switch (type) {
	case F_RDLCK:
		request->type = FILE_LOCK_SHARED;
		return only_asked || file_may_read(file) ? 0 : -EBADF;
	case F_WRLCK:
		request->type = FILE_LOCK_EXCLUSIVE;
		return only_asked || file_may_write(file) ? 0 : -EBADF;
	case F_UNLCK:
		request->type = FILE_UNLOCKED;
		return only_asked ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

/* The user's struct, in *lock too, as a request: 0 with one reference in *file. */
static long read_request(int fd, uint64_t argument, bool open_file, bool only_asked,
                         struct flock *lock, struct file_lock_request *request, struct file **file)
{
	long error = 0;

	if (copy_from_user(lock, (void __user *)argument, sizeof(*lock)))
		return -EFAULT;
	*request = (struct file_lock_request){
	        .kind = open_file ? FILE_LOCK_OPEN : FILE_LOCK_PROCESS,
	        .process = open_file ? -1 : current_process()->id,
	};
	*file = file_from_descriptor(fd);
	if (!*file || ((*file)->flags & O_PATH))
		error = -EBADF;
	if (!error)
		error = set_range(*file, lock, request);
	if (!error)
		error = set_type(*file, lock->l_type, only_asked, request);
	if (!error && open_file && lock->l_pid != 0)
		error = -EINVAL;
	if (error)
		file_put(*file);
	return error;
}

static void describe(const struct file_lock_request *found, struct flock *lock)
{
	if (found->type == FILE_UNLOCKED) {
		lock->l_type = F_UNLCK;
		return;
	}
	lock->l_type = found->type == FILE_LOCK_EXCLUSIVE ? F_WRLCK : F_RDLCK;
	lock->l_whence = SEEK_SET;
	lock->l_start = (int64_t)found->first;
	lock->l_len = found->last == FILE_LOCK_END ? 0 : (int64_t)(found->last - found->first + 1);
	lock->l_pid = found->process;
}

long record_lock_get(int fd, uint64_t argument, bool open_file)
{
	struct file_lock_request request;
	struct flock lock;
	struct file *file;
	long error = read_request(fd, argument, open_file, true, &lock, &request, &file);

	if (error)
		return error;
	file_lock_find(file, &request);
	file_put(file);
	describe(&request, &lock);
	return copy_to_user((void __user *)argument, &lock, sizeof(lock));
}

static bool leads_to(int fd, const struct file *file)
{
	struct file *now = file_from_descriptor(fd);
	bool same = now == file;

	file_put(now);
	return same;
}

long record_lock_set(int fd, uint64_t argument, bool open_file, bool wait)
{
	struct file_lock_request request;
	struct flock lock;
	struct file *file;
	long error = read_request(fd, argument, open_file, false, &lock, &request, &file);

	if (error)
		return error;
	error = file_lock_set(file, &request, wait);
	if (!error && !open_file && request.type != FILE_UNLOCKED && !leads_to(fd, file)) {
		/* Another task has closed it meanwhile: the lock goes with it (fcntl(2)). */
		file_locks_closed(file, current_process()->files);
		error = -EBADF;
	}
	file_put(file);
	return error;
}
