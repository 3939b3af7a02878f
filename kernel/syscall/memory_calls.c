/* SPDX-License-Identifier: MIT
 *
 * Calls on the address space.
 */
#include <linux/fcntl.h>
#include <linux/mman.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/memory_file.h>
#include <kernel/vfs/vnode.h>
#include <kernel/vfs/vnode_name.h>
#include <linux/stat.h>

#define MINCORE_BATCH 256

/* What mmap(2) asks of the file: readable, and writable for shared stores. */
static long check_file(const struct file *file, uint32_t protection, uint32_t flags)
{
	uint32_t access = file->flags & O_ACCMODE;

	if (!file->vnode || !S_ISREG(file->vnode->attr.mode))
		return -ENODEV;
	if (access == O_WRONLY)
		return -EACCES;
	if ((flags & MAP_TYPE) != MAP_PRIVATE && (protection & PROT_WRITE) && access != O_RDWR)
		return -EACCES;
	return 0;
}

/* A shared mapping that must stay without PROT_WRITE, against a later mprotect(2) too, says so by
 * MAP_DENYWRITE; one that may be written keeps seals away while it is made. */
static long map_file(struct vmspace *space, uint64_t address, uint64_t size, uint32_t protection,
                     uint32_t flags, const struct file *file, int64_t offset)
{
	bool may_write = (flags & MAP_TYPE) != MAP_PRIVATE && (file->flags & O_ACCMODE) == O_RDWR;
	long result;

	if (may_write && vnode_begin_writable_map(file->vnode)) {
		if (protection & PROT_WRITE)
			return -EPERM;
		may_write = false;
	}
	flags &= ~(uint32_t)MAP_DENYWRITE;
	if (!may_write)
		flags |= MAP_DENYWRITE;
	result = vmspace_map(space, address, size, (int)protection, (int)flags, file->vnode,
	                     (uint64_t)offset);
	if (result >= 0)
		vnode_note_mapped(file->vnode, file->path);
	if (may_write)
		vnode_end_writable_map(file->vnode);
	return result;
}

static bool is_private_data(uint32_t protection, uint32_t flags)
{
	return (protection & PROT_WRITE) && (flags & MAP_TYPE) == MAP_PRIVATE &&
	       !(flags & MAP_GROWSDOWN);
}

long sys_mmap(uint64_t address, uint64_t size, uint32_t protection, uint32_t flags, int fd,
              int64_t offset)
{
	struct vmspace *space = current_process()->vmspace;
	struct file *file;
	long result;

	if (!resource_allows_memory(size, is_private_data(protection, flags)))
		return -ENOMEM;
	if (flags & MAP_ANONYMOUS)
		return vmspace_map(space, address, size, (int)protection, (int)flags, NULL, 0);
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	result = check_file(file, protection, flags);
	if (result == 0)
		result = map_file(space, address, size, protection, flags, file, offset);
	file_put(file);
	return result;
}

long sys_munmap(uint64_t address, uint64_t size)
{
	return vmspace_unmap(current_process()->vmspace, address, size);
}

long sys_mprotect(uint64_t address, uint64_t size, uint32_t protection)
{
	return vmspace_protect(current_process()->vmspace, address, size, (int)protection);
}

long sys_mremap(uint64_t address, uint64_t old_size, uint64_t new_size, uint32_t flags,
                uint64_t new_address)
{
	if (new_size > old_size && !resource_allows_memory(new_size - old_size, true))
		return -ENOMEM;
	return vmspace_remap(current_process()->vmspace, address, old_size, new_size, (int)flags,
	                     new_address);
}

long sys_madvise(uint64_t address, uint64_t size, int advice)
{
	return vmspace_advise(current_process()->vmspace, address, size, advice);
}

long sys_brk(uint64_t end)
{
	struct vmspace *space = current_process()->vmspace;
	uint64_t now = (uint64_t)vmspace_brk(space, 0);

	if (end > now && !resource_allows_memory(end - now, true))
		return (long)now;
	return vmspace_brk(space, end);
}

long sys_msync(uint64_t address, uint64_t size, uint32_t flags)
{
	long result;

	if ((flags & ~(uint32_t)(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	result = vmspace_sync(current_process()->vmspace, address, size, flags & MS_INVALIDATE);
	/* What was written through mappings is not told apart by mapping. */
	if (!result && (flags & MS_SYNC))
		result = disk_sync_all();
	return result;
}

long sys_mlock2(uint64_t address, uint64_t size, uint32_t flags)
{
	if (flags & ~(uint32_t)MLOCK_ONFAULT)
		return -EINVAL;
	return vmspace_lock(current_process()->vmspace, address, size, flags & MLOCK_ONFAULT);
}

long sys_mlock(uint64_t address, uint64_t size)
{
	return sys_mlock2(address, size, 0);
}

long sys_munlock(uint64_t address, uint64_t size)
{
	return vmspace_unlock(current_process()->vmspace, address, size);
}

long sys_mlockall(uint32_t flags)
{
	if (flags == 0 || flags == MCL_ONFAULT ||
	    (flags & ~(uint32_t)(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)))
		return -EINVAL;
	return vmspace_lock_all(current_process()->vmspace, flags & MCL_CURRENT, flags & MCL_FUTURE,
	                        flags & MCL_ONFAULT);
}

long sys_munlockall(void)
{
	return vmspace_unlock_all(current_process()->vmspace);
}

/* Answers come out batch by batch, since user memory may not be touched under the space's lock. */
long sys_mincore(uint64_t address, uint64_t size, void __user *vector)
{
	char __user *to = vector;
	uint8_t batch[MINCORE_BATCH];
	uint64_t pages, done, step;
	long result = 0;

	if (address & ~PAGE_MASK)
		return -EINVAL;
	if (!user_range_ok(address, size))
		return -ENOMEM;
	pages = user_pages(size) >> PAGE_SHIFT;
	if (!access_ok(vector, pages))
		return -EFAULT;
	for (done = 0; done < pages && result == 0; done += step) {
		step = pages - done < sizeof(batch) ? pages - done : sizeof(batch);
		result = vmspace_resident(current_process()->vmspace,
		                          address + (done << PAGE_SHIFT), step, batch);
		if (result == 0)
			result = copy_to_user(to + done, batch, step);
	}
	return result;
}
