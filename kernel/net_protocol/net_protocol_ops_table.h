/* SPDX-License-Identifier: MIT
 *
 * Defines SERVICE_ops of the network protocols. Included once, so no guard:
 *
 *   #define NET_PROTOCOL_SERVICE inet
 *   #include <kernel/net_protocol/net_protocol_ops_table.h>
 */
#include <kernel/net_protocol/net_protocol.h>

#define SERVICE     NET_PROTOCOL_SERVICE
#define CLASS_OPS   net_protocol_ops
#define CLASS_TABLE <kernel/net_protocol/net_protocol_operations.def>
#include <kernel/boundary/ops_table.h>
#undef NET_PROTOCOL_SERVICE
