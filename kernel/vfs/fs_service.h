/* SPDX-License-Identifier: MIT
 *
 * The face of one file-system service, from fs_operations.def: prototypes of
 * SERVICE_init and of SERVICE_OPERATION for each operation, and SERVICE_ops.
 * Included once for each service, so no guard:
 *
 *   #define FS_SERVICE tmpfs
 *   #include <kernel/vfs/fs_service.h>
 */
#include <kernel/boundary/service_rights.h>
#include <kernel/vfs/fs.h>

#define FS_JOIN__(service, operation) service##_##operation
#define FS_JOIN_(service, operation)  FS_JOIN__(service, operation)
#define FS_FUNCTION_(operation)       FS_JOIN_(FS_SERVICE, operation)

int FS_FUNCTION_(init)(const struct service_rights *rights);
extern const struct fs_ops FS_FUNCTION_(ops);

#define FS_OPERATION1(name, effect, a)    long FS_FUNCTION_(name)(FS_PARAMETER_ a);
#define FS_OPERATION2(name, effect, a, b) long FS_FUNCTION_(name)(FS_PARAMETER_ a, FS_PARAMETER_ b);
#define FS_OPERATION3(name, effect, a, b, c)                                                       \
	long FS_FUNCTION_(name)(FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c);
#define FS_OPERATION4(name, effect, a, b, c, d)                                                    \
	long FS_FUNCTION_(name)(FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c, FS_PARAMETER_ d);
#define FS_OPERATION5(name, effect, a, b, c, d, e)                                                 \
	long FS_FUNCTION_(name)(FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,                 \
	                        FS_PARAMETER_ d, FS_PARAMETER_ e);
#include <kernel/vfs/fs_operations.def>
#include <kernel/vfs/fs_operations_end.h>

#undef FS_JOIN__
#undef FS_JOIN_
#undef FS_FUNCTION_
#undef FS_SERVICE
