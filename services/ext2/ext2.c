/* SPDX-License-Identifier: MIT
 *
 * ext2's start and its face.
 */
#include <services/ext2/ext2.h>

struct ext2_state ext2_state;
struct ext2_rights ext2_rights;

int ext2_init(const struct disk_fs_rights *rights)
{
	ext2_rights.write = rights->write;
	ext2_rights.read = rights->read;
	return 0;
}

#define DISK_FS_SERVICE ext2
#include <kernel/vfs/disk_fs_ops_table.h>
