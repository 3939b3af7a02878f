/* SPDX-License-Identifier: MIT
 *
 * The face of the network protocols. Included once, so no guard:
 *
 *   #define NET_PROTOCOL_SERVICE inet
 *   #include <kernel/net_protocol/net_protocol_service.h>
 */
#include <kernel/net_protocol/net_protocol.h>

#define SERVICE      NET_PROTOCOL_SERVICE
#define CLASS_OPS    net_protocol_ops
#define CLASS_RIGHTS protocol_rights
#define CLASS_TABLE  <kernel/net_protocol/net_protocol_operations.def>
#include <kernel/boundary/service_face.h>
#undef NET_PROTOCOL_SERVICE
