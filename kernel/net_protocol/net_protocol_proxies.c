/* SPDX-License-Identifier: MIT
 *
 * The proxies of the network protocols.
 */
#include <kernel/net_protocol/net_protocol_answers.h>
#include <kernel/net_protocol/net_protocol_proxies.h>

#define CLASS       net_protocol
#define CLASS_TABLE <kernel/net_protocol/net_protocol_operations.def>
#include <kernel/boundary/proxy_bodies.h>
