/* SPDX-License-Identifier: MIT
 *
 * The face of one driver of block devices. Included once for each, so no guard:
 *
 *   #define BLOCK_SERVICE virtio_blk
 *   #include <kernel/block/block_service.h>
 */
#include <kernel/block/block.h>

#define SERVICE      BLOCK_SERVICE
#define CLASS_OPS    block_ops
#define CLASS_RIGHTS driver_rights
#define CLASS_TABLE  <kernel/block/block_operations.def>
#include <kernel/boundary/service_face.h>
#undef BLOCK_SERVICE
