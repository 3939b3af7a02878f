/* SPDX-License-Identifier: MIT
 *
 * Interfaces: the network devices of the machine, each behind its driver. What was accepted to be
 * sent is sent once, and what has arrived is handed on, whatever becomes of the driver: it says
 * what the device has done, and the core what there is to do.
 *
 * A frame that the device has not given back when it is reset is sent again: it has then either not
 * been looked at or, at the very end of a device, may have gone out already.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/net_device/net_device.h>

struct device;
struct frames;
struct interface_info;

#define INTERFACES_MAX 4u

/* Make interfaces of the network devices that there are. After services have started. take_arrived
 * is called when frames may have arrived. */
void interfaces_start(void (*take_arrived)(void));

/* eth0, eth1 … by number: -ENODEV at the end. */
int __must_check interface_describe(unsigned int number, struct interface_info *info);

/* Accept a frame of the calling service's to be sent, by the next interface_push: 0; -ENODEV;
 * -EINVAL when it is none; -ENETDOWN; -ENOBUFS when too many wait; -EFAULT. */
int __must_check interface_send(unsigned int number, const void *bytes, uint64_t size);

/* The next frame that has arrived into the calling service's memory: its size, 0 when there is
 * none; -ENODEV; -EINVAL when it is larger than that memory; -EFAULT. */
int __must_check interface_receive(unsigned int number, void *bytes, uint64_t size);

/* Have the drivers send what was accepted. May sleep. */
void interfaces_push(void);

/* The frames of the device's interface, or NULL: of interface_frames.c's. */
struct frames *interface_frames_of(const struct device *device);
