/* SPDX-License-Identifier: MIT
 *
 * The two faces of one file system on disks. Included once for each, so no guard:
 *
 *   #define DISK_FS_SERVICE ext2
 *   #include <kernel/vfs/disk_fs_service.h>
 */
#include <kernel/vfs/disk_fs.h>

#define SERVICE      DISK_FS_SERVICE
#define CLASS_OPS    fs_ops
#define CLASS_RIGHTS disk_fs_rights
#define CLASS_TABLE  <kernel/vfs/fs_operations.def>
#include <kernel/boundary/service_face.h>
#define SERVICE      DISK_FS_SERVICE
#define SERVICE_OPS  disk_ops
#define CLASS_OPS    disk_fs_ops
#define CLASS_RIGHTS disk_fs_rights
#define CLASS_TABLE  <kernel/vfs/disk_fs_operations.def>
#include <kernel/boundary/service_face.h>
#undef DISK_FS_SERVICE
