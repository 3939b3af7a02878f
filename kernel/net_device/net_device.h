/* SPDX-License-Identifier: MIT
 *
 * The language between the core and drivers of network devices: the types that
 * net_device_operations.def speaks of, and the ops struct made from it.
 */
#pragma once

#include <stdint.h>

#include <kernel/boundary/operations.h>

#define MAC_SIZE 6u /* bytes of an Ethernet address */

struct net_device_info {
	uint8_t mac[MAC_SIZE];
	uint8_t has_mac;    /* the device has an address of its own */
	uint8_t tells_link; /* it can be asked whether the link is up */
	uint8_t link_up;
};

/* A frame that the device gave back: 0, or a negative errno when it is of no use. */
struct net_device_answer {
	uint64_t tag;
	int64_t result;
};

struct net_device_ops {
#define OPERATION1 OPERATION_MEMBER1_
#define OPERATION2 OPERATION_MEMBER2_
#define OPERATION3 OPERATION_MEMBER3_
#define OPERATION4 OPERATION_MEMBER4_
#define OPERATION5 OPERATION_MEMBER5_
#include <kernel/net_device/net_device_operations.def>
#include <kernel/boundary/operations_end.h>
};
