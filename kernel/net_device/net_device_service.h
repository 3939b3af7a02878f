/* SPDX-License-Identifier: MIT
 *
 * The face of one driver of network devices. Included once for each, so no guard:
 *
 *   #define NET_DEVICE_SERVICE virtio_net
 *   #include <kernel/net_device/net_device_service.h>
 */
#include <kernel/net_device/net_device.h>

#define SERVICE      NET_DEVICE_SERVICE
#define CLASS_OPS    net_device_ops
#define CLASS_RIGHTS driver_rights
#define CLASS_TABLE  <kernel/net_device/net_device_operations.def>
#include <kernel/boundary/service_face.h>
#undef NET_DEVICE_SERVICE
