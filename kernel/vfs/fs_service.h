/* SPDX-License-Identifier: MIT
 *
 * The face of one file-system service. Included once for each service, so no guard:
 *
 *   #define FS_SERVICE tmpfs
 *   #include <kernel/vfs/fs_service.h>
 */
#include <kernel/vfs/fs.h>

#define SERVICE      FS_SERVICE
#define CLASS_OPS    fs_ops
#define CLASS_RIGHTS service_rights
#define CLASS_TABLE  <kernel/vfs/fs_operations.def>
#include <kernel/boundary/service_face.h>
#undef FS_SERVICE
