/* SPDX-License-Identifier: MIT
 *
 * Defines SERVICE_ops, the table that the proxies call through; nothing in profiles without
 * containment, where each call names its function. Included by the class's header
 * (fs_ops_table.h, block_ops_table.h), once by each service, so no guard:
 *
 *   #define SERVICE        tmpfs
 *   #define SERVICE_CHECK  tmpfs_check    (services that roll back)
 *   #define SERVICE_OPS    disk_ops       (where it has more tables than one; else ops)
 *   #define CLASS_OPS      fs_ops
 *   #define CLASS_TABLE    <kernel/vfs/fs_operations.def>
 */
#include <aramid/profile.h>

#if ARAMID_CONTAIN_PANICS

#define TABLE_JOIN__(service, operation) service##_##operation
#define TABLE_JOIN_(service, operation)  TABLE_JOIN__(service, operation)
#define TABLE_ROW_(operation)            .operation = TABLE_JOIN_(SERVICE, operation),

#define OPERATION1(name, effect, a)             TABLE_ROW_(name)
#define OPERATION2(name, effect, a, b)          TABLE_ROW_(name)
#define OPERATION3(name, effect, a, b, c)       TABLE_ROW_(name)
#define OPERATION4(name, effect, a, b, c, d)    TABLE_ROW_(name)
#define OPERATION5(name, effect, a, b, c, d, e) TABLE_ROW_(name)

#ifndef SERVICE_OPS
#define SERVICE_OPS ops
#endif

const struct CLASS_OPS TABLE_JOIN_(SERVICE, SERVICE_OPS) = {
#ifdef SERVICE_CHECK
        .check = SERVICE_CHECK,
#endif
#include CLASS_TABLE
};

#include <kernel/boundary/operations_end.h>
#undef TABLE_JOIN__
#undef TABLE_JOIN_
#undef TABLE_ROW_

#endif

#undef SERVICE
#undef SERVICE_OPS
#undef SERVICE_CHECK
#undef CLASS_OPS
#undef CLASS_TABLE
