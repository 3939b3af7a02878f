/* SPDX-License-Identifier: MIT
 *
 * The face of one service, from its class's table: prototypes of SERVICE_init and of
 * SERVICE_OPERATION for each operation, and SERVICE_ops. Included by the class's header
 * (fs_service.h, block_service.h), once for each service, so no guard:
 *
 *   #define SERVICE      tmpfs
 *   #define SERVICE_OPS  disk_ops      (where it has more tables than one; else ops)
 *   #define CLASS_OPS    fs_ops
 *   #define CLASS_RIGHTS service_rights
 *   #define CLASS_TABLE  <kernel/vfs/fs_operations.def>
 */
#include <kernel/boundary/service_rights.h>

#define FACE_JOIN__(service, operation) service##_##operation
#define FACE_JOIN_(service, operation)  FACE_JOIN__(service, operation)
#define FACE_(operation)                FACE_JOIN_(SERVICE, operation)

#ifndef SERVICE_OPS
#define SERVICE_OPS ops
#endif

int FACE_(init)(const struct CLASS_RIGHTS *rights);
extern const struct CLASS_OPS FACE_(SERVICE_OPS);

#define OPERATION1(name, effect, a)    long FACE_(name)(PARAMETER_ a);
#define OPERATION2(name, effect, a, b) long FACE_(name)(PARAMETER_ a, PARAMETER_ b);
#define OPERATION3(name, effect, a, b, c)                                                          \
	long FACE_(name)(PARAMETER_ a, PARAMETER_ b, PARAMETER_ c);
#define OPERATION4(name, effect, a, b, c, d)                                                       \
	long FACE_(name)(PARAMETER_ a, PARAMETER_ b, PARAMETER_ c, PARAMETER_ d);
#define OPERATION5(name, effect, a, b, c, d, e)                                                    \
	long FACE_(name)(PARAMETER_ a, PARAMETER_ b, PARAMETER_ c, PARAMETER_ d, PARAMETER_ e);
#include CLASS_TABLE
#include <kernel/boundary/operations_end.h>

#undef FACE_JOIN__
#undef FACE_JOIN_
#undef FACE_
#undef SERVICE
#undef SERVICE_OPS
#undef CLASS_OPS
#undef CLASS_RIGHTS
#undef CLASS_TABLE
