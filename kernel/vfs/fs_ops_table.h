/* SPDX-License-Identifier: MIT
 *
 * Defines SERVICE_ops, the table that the proxies call through; nothing in profiles
 * without containment, where each call names its function. Included once by each
 * service, so no guard:
 *
 *   #define FS_SERVICE tmpfs
 *   #define FS_SERVICE_CHECK tmpfs_check    (services that roll back)
 *   #include <kernel/vfs/fs_ops_table.h>
 */
#include <aramid/profile.h>
#include <kernel/vfs/fs.h>

#if ARAMID_CONTAIN_PANICS

#define FS_JOIN__(service, operation) service##_##operation
#define FS_JOIN_(service, operation)  FS_JOIN__(service, operation)
#define FS_ROW_(operation)            .operation = FS_JOIN_(FS_SERVICE, operation),

#define FS_OPERATION1(name, effect, a)             FS_ROW_(name)
#define FS_OPERATION2(name, effect, a, b)          FS_ROW_(name)
#define FS_OPERATION3(name, effect, a, b, c)       FS_ROW_(name)
#define FS_OPERATION4(name, effect, a, b, c, d)    FS_ROW_(name)
#define FS_OPERATION5(name, effect, a, b, c, d, e) FS_ROW_(name)

const struct fs_ops FS_JOIN_(FS_SERVICE, ops) = {
#ifdef FS_SERVICE_CHECK
        .check = FS_SERVICE_CHECK,
#endif
#include <kernel/vfs/fs_operations.def>
};

#include <kernel/vfs/fs_operations_end.h>
#undef FS_JOIN__
#undef FS_JOIN_
#undef FS_ROW_

#endif

#undef FS_SERVICE
#undef FS_SERVICE_CHECK
