/* SPDX-License-Identifier: MIT
 *
 * The language between the core and the network protocols: the types that
 * net_protocol_operations.def speaks of, and the ops struct made from it.
 */
#pragma once

#include <stdint.h>

#include <kernel/boundary/operations.h>

struct net_protocol_state {
	uint64_t wait; /* ms until it wants to work again at the latest; 0: there is more to be done
	                */
	uint64_t changes; /* of interfaces' addresses, since its start */
};

/* Of an interface, in network byte order; 0: none yet. */
struct net_address {
	uint32_t address, mask, gateway;
};

struct net_protocol_ops {
#define OPERATION1 OPERATION_MEMBER1_
#define OPERATION2 OPERATION_MEMBER2_
#define OPERATION3 OPERATION_MEMBER3_
#define OPERATION4 OPERATION_MEMBER4_
#define OPERATION5 OPERATION_MEMBER5_
#include <kernel/net_protocol/net_protocol_operations.def>
#include <kernel/boundary/operations_end.h>
};
