/* SPDX-License-Identifier: MIT
 *
 * Defines SERVICE_ops of a file-system service. Included once by each, so no guard:
 *
 *   #define FS_SERVICE tmpfs
 *   #define FS_SERVICE_CHECK tmpfs_check    (services that roll back)
 *   #include <kernel/vfs/fs_ops_table.h>
 */
#include <kernel/vfs/fs.h>

#define SERVICE FS_SERVICE
#ifdef FS_SERVICE_CHECK
#define SERVICE_CHECK FS_SERVICE_CHECK
#endif
#define CLASS_OPS   fs_ops
#define CLASS_TABLE <kernel/vfs/fs_operations.def>
#include <kernel/boundary/ops_table.h>
#undef FS_SERVICE
#undef FS_SERVICE_CHECK
