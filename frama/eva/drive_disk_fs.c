/* SPDX-License-Identifier: MIT
 *
 * A file system on disks as a whole for Eva, as drive_fs.c says of the others.
 *
 * -DDRIVEN=NAME, and the service's files beside this one.
 */
#include "core.h"

#define DISK_FS_SERVICE DRIVEN
#include <kernel/vfs/disk_fs_service.h>

#include "fs_operations.h"

void drive(void);

static void call_of_disks(void)
{
	static struct fs_attr attr;
	static struct fs_run run;

	switch (Frama_C_interval(0, 3)) {
	case 0: OF(mount)((uint32_t)any(), (uint32_t)any(), &attr); break;
	case 1: OF(unmount)((uint32_t)any(), (uint32_t)any()); break;
	case 2: OF(sync)((uint32_t)any()); break;
	default: OF(map)(any(), any(), any(), &run); break;
	}
}

void drive(void)
{
	struct disk_fs_rights rights;

	rights.write.model = GENUINE_block_access;
	rights.read.model = GENUINE_block_read;
	if (OF(init)(&rights))
		return;
	while (goes_on()) {
		call_any();
		call_of_disks();
	}
}
