/* SPDX-License-Identifier: MIT
 *
 * The language between the core and the network protocols: the types that
 * net_protocol_operations.def speaks of, and the ops struct made from it.
 */
#pragma once

#include <stdint.h>

#include <kernel/boundary/operations.h>

#define NET_SOCKETS_MAX  512u  /* numbers of sockets are below */
#define NET_TRANSFER_MAX 4096u /* bytes of one send or receive */
#define NET_NEWS_MAX     32u

/* Where a socket is: address in network byte order, port in the machine's. 0: any, or none. */
struct net_name {
	uint32_t address, port;
};

struct net_names {
	struct net_name local, remote;
};

#define NET_OPTION_REUSE     1u /* SO_REUSEADDR */
#define NET_OPTION_KEEPALIVE 2u
#define NET_OPTION_NO_DELAY  4u

/* What a socket is to be. */
struct net_socket {
	uint32_t type; /* SOCK_* */
	uint32_t options;
	struct net_name local; /* port 0: it is not bound */
	uint32_t waiting_most; /* 0: it does not listen */
};

#define NET_IS_CONNECTED 1u
#define NET_IS_WRITABLE  2u
#define NET_INPUT_ENDED  4u
#define NET_IS_OVER      8u /* it was a connection, or was to be one, and is none any more */

/* How a socket is now. */
struct net_protocol_news {
	uint32_t socket;
	uint32_t state;  /* NET_IS_*, NET_INPUT_ENDED */
	uint32_t error;  /* positive errno; 0: none since the last time */
	uint32_t unread; /* bytes; of one that listens, connections that wait */
	uint32_t unsent; /* bytes that the other side has not got yet */
};

struct net_protocol_state {
	uint64_t wait; /* ms until it wants to work again at the latest; 0: there is more to be done
	                */
	uint64_t changes; /* of interfaces' addresses, since its start */
	uint64_t count;   /* of the news */
	struct net_protocol_news news[NET_NEWS_MAX];
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
