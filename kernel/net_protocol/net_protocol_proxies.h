/* SPDX-License-Identifier: MIT
 *
 * Calling the network protocols: net_protocol_NAME(service, parameters…) for each row of
 * net_protocol_operations.def, as kernel/boundary/proxies.h says.
 */
#pragma once

#include <kernel/net_protocol/net_protocol.h>

#define CLASS          net_protocol
#define CLASS_SERVICES NET_PROTOCOL_SERVICES
#define CLASS_TABLE    <kernel/net_protocol/net_protocol_operations.def>
#include <kernel/boundary/proxies.h>
