/* SPDX-License-Identifier: MIT
 *
 * Defines SERVICE_ops of a driver of network devices. Included once by each, so no guard:
 *
 *   #define NET_DEVICE_SERVICE virtio_net
 *   #include <kernel/net_device/net_device_ops_table.h>
 */
#include <kernel/net_device/net_device.h>

#define SERVICE     NET_DEVICE_SERVICE
#define CLASS_OPS   net_device_ops
#define CLASS_TABLE <kernel/net_device/net_device_operations.def>
#include <kernel/boundary/ops_table.h>
#undef NET_DEVICE_SERVICE
