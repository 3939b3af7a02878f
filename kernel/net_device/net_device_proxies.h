/* SPDX-License-Identifier: MIT
 *
 * Calling a driver of network devices: net_device_NAME(service, parameters…) for each row of
 * net_device_operations.def, as kernel/boundary/proxies.h says.
 */
#pragma once

#include <kernel/net_device/net_device.h>

#define CLASS          net_device
#define CLASS_SERVICES NET_DEVICE_SERVICES
#define CLASS_TABLE    <kernel/net_device/net_device_operations.def>
#include <kernel/boundary/proxies.h>
