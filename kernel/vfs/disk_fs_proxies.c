/* SPDX-License-Identifier: MIT
 *
 * The proxies of file systems on disks, and a look at each operation's answer.
 */
#include <stdbool.h>

#include <kernel/block/block.h>
#include <kernel/boundary/answer.h>
#include <kernel/vfs/disk_fs_proxies.h>
#include <linux/stat.h>

#if ARAMID_CONTAIN_PANICS

static const char *disk_fs_mount_fault(long result, const uint64_t *arguments)
{
	const struct fs_attr *attr = (const struct fs_attr *)arguments[2];

	if (result != 0)
		return answer_plain_fault(result);
	return S_ISDIR(attr->mode) && DISK_OF_OBJECT(attr->object) == arguments[0]
	               ? NULL
	               : "its root cannot be";
}

static const char *disk_fs_unmount_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

static const char *disk_fs_sync_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

/* A hole may end where a block does, and contents do not go round the disk's end. */
static const char *disk_fs_map_fault(long result, const uint64_t *arguments)
{
	const struct fs_run *run = (const struct fs_run *)arguments[3];

	if (result != 0)
		return answer_plain_fault(result);
	return run->size > 0 && (run->size | run->offset) % BLOCK_SECTOR == 0 &&
	                       run->offset + run->size > run->offset
	               ? NULL
	               : "its run cannot be";
}

#endif

#define CLASS       disk_fs
#define CLASS_TABLE <kernel/vfs/disk_fs_operations.def>
#include <kernel/boundary/proxy_bodies.h>
