/* SPDX-License-Identifier: MIT
 *
 * Calls on the address space.
 */
#include <linux/fcntl.h>
#include <linux/mman.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/syscall/syscall.h>
#include <kernel/vfs/file.h>
#include <linux/stat.h>
#include <kernel/vfs/vnode.h>

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

long sys_mmap(uint64_t address, uint64_t size, uint32_t protection, uint32_t flags, int fd,
              int64_t offset)
{
	struct vmspace *space = current_process()->vmspace;
	struct file *file;
	long result;

	if (flags & MAP_ANONYMOUS)
		return vmspace_map(space, address, size, (int)protection, (int)flags, NULL, 0);
	file = file_from_descriptor(fd);
	if (!file)
		return -EBADF;
	result = check_file(file, protection, flags);
	/* Also against a later mprotect(2). */
	flags &= ~(uint32_t)MAP_DENYWRITE;
	if ((file->flags & O_ACCMODE) != O_RDWR)
		flags |= MAP_DENYWRITE;
	if (result == 0)
		result = vmspace_map(space, address, size, (int)protection, (int)flags, file->vnode,
		                     (uint64_t)offset);
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
	return vmspace_remap(current_process()->vmspace, address, old_size, new_size, (int)flags,
	                     new_address);
}

long sys_madvise(uint64_t address, uint64_t size, int advice)
{
	return vmspace_advise(current_process()->vmspace, address, size, advice);
}

long sys_brk(uint64_t end)
{
	return vmspace_brk(current_process()->vmspace, end);
}
