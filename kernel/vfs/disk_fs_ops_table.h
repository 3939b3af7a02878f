/* SPDX-License-Identifier: MIT
 *
 * Defines the two tables of a file system on disks. Included once by each, so no guard:
 *
 *   #define DISK_FS_SERVICE ext2
 *   #include <kernel/vfs/disk_fs_ops_table.h>
 */
#include <kernel/vfs/disk_fs.h>

#define SERVICE     DISK_FS_SERVICE
#define CLASS_OPS   fs_ops
#define CLASS_TABLE <kernel/vfs/fs_operations.def>
#include <kernel/boundary/ops_table.h>
#define SERVICE     DISK_FS_SERVICE
#define SERVICE_OPS disk_ops
#define CLASS_OPS   disk_fs_ops
#define CLASS_TABLE <kernel/vfs/disk_fs_operations.def>
#include <kernel/boundary/ops_table.h>
#undef DISK_FS_SERVICE
