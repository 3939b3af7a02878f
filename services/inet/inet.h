/* SPDX-License-Identifier: MIT
 *
 * inet: TCP/IP, which is lwIP's. The core hands it frames and has it work when some have arrived or
 * time has passed; it is entered by one thread at a time, and all that it knows is its own memory,
 * which a restart replaces (docs/decisions/0025).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/cap.h>

/* What the core handed over at the start: the carrier. */
struct inet_rights {
	CAP(net_access) net;
};

#define NET_PROTOCOL_SERVICE inet
#include <kernel/net_protocol/net_protocol_service.h>

/* ---- frames.c: the one place where the right is used ---- */

/* As core_frame_send and core_frame_receive. */
int inet_frame_send(uint32_t interface, const void *bytes, uint64_t size);
int inet_frame_receive(uint32_t interface, void *bytes, uint64_t size);

/* ---- interface.c: the machine's interfaces, as lwIP's ---- */

/* Take in interfaces that are new, and whether the links of the others are up. */
void inet_interfaces_look(void);
/* Hand what has arrived to the protocols: whether there may be more. */
bool inet_interfaces_read(void);
/* How often one of their addresses has changed. */
uint64_t inet_interfaces_changes(void);
/* What address an interface has: -ENODEV. */
int inet_interface_address(uint32_t interface, struct net_address *address);
