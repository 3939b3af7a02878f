/* SPDX-License-Identifier: MIT
 *
 * The proxies of drivers of network devices.
 */
#include <kernel/net_device/net_device_answers.h>
#include <kernel/net_device/net_device_proxies.h>

#define CLASS       net_device
#define CLASS_TABLE <kernel/net_device/net_device_operations.def>
#include <kernel/boundary/proxy_bodies.h>
