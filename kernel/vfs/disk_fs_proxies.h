/* SPDX-License-Identifier: MIT
 *
 * Calling a file system on disks: disk_fs_NAME(service, parameters…) for each row of
 * disk_fs_operations.def, as kernel/boundary/proxies.h says.
 */
#pragma once

#include <kernel/vfs/disk_fs.h>

#define CLASS          disk_fs
#define CLASS_SERVICES DISK_FS_SERVICES
#define CLASS_TABLE    <kernel/vfs/disk_fs_operations.def>
#include <kernel/boundary/proxies.h>
