/* SPDX-License-Identifier: MIT
 *
 * Contents as the kernel itself reads and writes them (exec, splice, what is not a process's
 * memory): batch by batch.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/vnode_contents.h>
#include <linux/stat.h>

static long read_pages(struct vnode *vnode, uint64_t offset, char *buffer, uint64_t size)
{
	uint64_t total = 0;

	while (total < size) {
		struct page_batch batch;
		uint64_t done = 0;

		int error = vnode_pages_to_read(vnode, offset + total, size - total, &batch);

		if (error)
			return total ? (long)total : error;
		while (done < batch.size) {
			void *from;
			uint64_t piece = page_batch_piece(&batch, done, &from);

			if (from)
				memcpy(buffer + total + done, from, piece);
			else
				memset(buffer + total + done, 0, piece);
			done += piece;
		}
		vnode_put_pages(&batch);
		if (done == 0)
			break;
		total += done;
	}
	return (long)total;
}

static long write_pages(struct vnode *vnode, uint64_t offset, const char *buffer, uint64_t size)
{
	uint64_t total = 0;

	while (total < size) {
		struct page_batch batch;
		uint64_t done = 0;
		int error =
		        vnode_pages_to_write(vnode, offset + total, size - total, false, &batch);

		if (error == -EFBIG && total == 0)
			return resource_file_too_large();
		if (error)
			return total ? (long)total : error;
		while (done < batch.size) {
			void *to;
			uint64_t piece = page_batch_piece(&batch, done, &to);

			memcpy(to, buffer + total + done, piece);
			done += piece;
		}
		vnode_end_write(vnode, &batch);
		total += done;
	}
	return (long)total;
}

long vnode_read(struct vnode *vnode, uint64_t offset, void *buffer, uint64_t size)
{
	if (S_ISDIR(vnode->attr.mode))
		return -EISDIR;
	if (!S_ISREG(vnode->attr.mode))
		return -EINVAL;
	if (vnode->attr.flags & FS_ATTR_DIRECT)
		return fs_read(vnode->service, vnode->object, offset, buffer,
		               size < FS_TRANSFER_MAX ? size : FS_TRANSFER_MAX);
	return read_pages(vnode, offset, buffer, size);
}

long vnode_write(struct vnode *vnode, uint64_t offset, const void *buffer, uint64_t size)
{
	if (!S_ISREG(vnode->attr.mode))
		return -EINVAL;
	if (vnode->attr.flags & FS_ATTR_DIRECT)
		return fs_write(vnode->service, vnode->object, offset, buffer,
		                size < FS_TRANSFER_MAX ? size : FS_TRANSFER_MAX);
	return write_pages(vnode, offset, buffer, size);
}
