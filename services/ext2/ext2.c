/* SPDX-License-Identifier: MIT
 *
 * ext2's start and its face.
 */
#include <services/ext2/ext2.h>

struct ext2_state ext2_state;
struct ext2_rights ext2_rights;

int ext2_init(const struct service_rights *rights)
{
	ext2_rights.write = rights->blocks;
	ext2_rights.read = cap_attenuate(block_read, block_access, rights->blocks);
	return 0;
}

#define FS_SERVICE ext2
#include <kernel/vfs/fs_ops_table.h>
