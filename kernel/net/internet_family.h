/* SPDX-License-Identifier: MIT
 *
 * AF_INET (ip(7), tcp(7)), as the rest of the core sees it.
 */
#pragma once

struct protocol_user;
struct socket_family;

extern const struct socket_family internet_family;
/* What the network protocols tell the sockets. */
extern const struct protocol_user internet_user;
