/* SPDX-License-Identifier: MIT
 *
 * Defines SERVICE_ops of a driver of block devices. Included once by each, so no guard:
 *
 *   #define BLOCK_SERVICE virtio_blk
 *   #include <kernel/block/block_ops_table.h>
 */
#include <kernel/block/block.h>

#define SERVICE     BLOCK_SERVICE
#define CLASS_OPS   block_ops
#define CLASS_TABLE <kernel/block/block_operations.def>
#include <kernel/boundary/ops_table.h>
#undef BLOCK_SERVICE
