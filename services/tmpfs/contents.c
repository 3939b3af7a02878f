/* SPDX-License-Identifier: MIT
 *
 * Contents: pages are reserved here and copied by the core. read and write are
 * for files without pages, which tmpfs does not have.
 */
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>
#include <services/tmpfs/transaction.h>

static uint64_t pages_up_to(uint64_t size)
{
	return (size + TMPFS_PAGE_SIZE - 1) / TMPFS_PAGE_SIZE;
}

/* Pages for [offset, end): 0, -ENOSPC, -ENOMEM. The inode is noted. */
static int reserve(struct tmpfs_inode *inode, uint64_t offset, uint64_t end)
{
	uint64_t have = pages_up_to(inode->size), first = offset / TMPFS_PAGE_SIZE;
	uint64_t last = pages_up_to(end), pages;
	int error;

	/* A file without holes that does not reach another page: nothing to ask the core. */
	if (offset > inode->size)
		inode->sparse = true;
	if (!inode->sparse && last <= have)
		return 0;
	if (first < have)
		first = have;
	if (last > first && tmpfs_state.pages_used + (last - first) > tmpfs_state.pages_limit)
		return -ENOSPC;
	error = core_store_reserve(tmpfs_rights.pages, inode->object, offset, end - offset);
	if (error)
		return error;
	pages = core_store_pages(inode->object);
	TX_SET(tmpfs_state.pages_used, tmpfs_state.pages_used - inode->pages + pages);
	inode->pages = pages;
	return 0;
}

long tmpfs_extend(uint64_t object, uint64_t offset, uint64_t size, struct fs_attr *attr)
{
	struct tmpfs_inode *inode = tmpfs_inode_look_up(object);
	uint64_t before;
	int error;

	if (!inode)
		return -ENOENT;
	if (!S_ISREG(inode->mode))
		return -EINVAL;
	before = inode->size;
	if (offset + size < offset)
		return -EFBIG;
	TX_NOTE(*inode);
	error = reserve(inode, offset, offset + size);
	if (error)
		return error;
	if (offset + size > inode->size)
		inode->size = offset + size;
	inode->modify_time = inode->change_time = core_time_wall();
	/* Who writes to a file takes its set-user-ID away (chmod(2)). */
	if (inode->mode & S_IXGRP)
		inode->mode &= ~(uint32_t)S_ISGID;
	inode->mode &= ~(uint32_t)S_ISUID;
	tmpfs_inode_describe(inode, attr);
	if (attr->size < before || attr->size < offset + size)
		tmpfs_broken("a file that was to grow has shrunk");
	return 0;
}

long tmpfs_read(uint64_t object, uint64_t offset, void *buffer, uint64_t size)
{
	return -EINVAL;
}

long tmpfs_write(uint64_t object, uint64_t offset, const void *buffer, uint64_t size)
{
	return -EINVAL;
}

long tmpfs_release(uint64_t object)
{
	struct tmpfs_inode *inode = tmpfs_inode_look_up(object);

	/* It may have names still: one of several was removed, or a removal was undone. */
	if (!inode || inode->links > 0)
		return 0;
	tmpfs_inode_destroy(inode);
	/* Last, since nothing brings pages back. */
	core_store_destroy(tmpfs_rights.pages, object);
	return 0;
}
