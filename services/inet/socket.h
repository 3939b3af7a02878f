/* SPDX-License-Identifier: MIT
 *
 * Sockets of the core as inet has them: what each type does with its protocol of lwIP, and what the
 * core is told about them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/lib/list.h>
#include <kernel/net_protocol/net_protocol.h>
#include <lwip/err.h>
#include <lwip/ip_addr.h>
#include <lwip/opt.h>

#define INET_UNNUMBERED UINT32_MAX /* a connection that nobody has accepted yet */

struct inet_type;
struct pbuf;
struct tcp_pcb;

/* Bytes that have arrived, in their order. */
struct inet_ring {
	uint8_t *bytes; /* NULL: none have ever come */
	uint32_t first, count;
};

struct inet_socket {
	const struct inet_type *type;
	uint32_t number;     /* by which the core calls it, or INET_UNNUMBERED */
	struct list changed; /* among those that the core is to be told of, or alone */
	uint32_t state; /* NET_IS_* and NET_INPUT_ENDED; NET_IS_WRITABLE is found out when told */
	uint32_t error; /* positive errno; told once */
	struct net_name local, remote;

	/* Of streams. */
	struct tcp_pcb *tcp; /* NULL: it is over, or goes on without us */
	struct inet_ring received;
	bool output_ended;
	bool no_memory; /* so that there is no room for more, whatever lwIP says: till the next turn
	                 */
	struct list waiting; /* of one that listens: those to be accepted; of those: their place */
	uint32_t waiting_count;
};

/* What a type of sockets does. Answers as the operation of the same name has them
 * (net_protocol_operations.def). */
struct inet_type {
	uint32_t number; /* SOCK_* */
	int (*open)(struct inet_socket *socket);
	int (*bind)(struct inet_socket *socket, struct net_name *name);
	int (*listen)(struct inet_socket *socket, uint32_t waiting_most);
	int (*connect)(struct inet_socket *socket, const struct net_name *to);
	struct inet_socket *(*accept)(struct inet_socket *socket);
	long (*send)(struct inet_socket *socket, const void *bytes, uint64_t size);
	long (*receive)(struct inet_socket *socket, uint64_t from, void *bytes, uint64_t size);
	int (*take)(struct inet_socket *socket, uint64_t size);
	void (*configure)(struct inet_socket *socket, uint32_t options);
	int (*end_output)(struct inet_socket *socket);
	void (*close)(struct inet_socket *socket, bool reset);
	/* What the core is told beside the state. */
	void (*look)(struct inet_socket *socket, struct net_protocol_news *news);
};

/* ---- socket.c ---- */

/* One that the core does not know yet; NULL when memory is out. */
struct inet_socket *inet_socket_create(const struct inet_type *type);
void inet_socket_destroy(struct inet_socket *socket);

/* Have the core told how it is now. */
void inet_socket_changed(struct inet_socket *socket);
/* Tell it: of as many as the state has room for. True: there are more. */
bool inet_sockets_tell(struct net_protocol_state *state);
/* Those that had no memory may try again. */
void inet_sockets_retry(void);

/* Whether an address is this machine's, or any. */
bool inet_is_own_address(uint32_t address);
/* lwIP's errors, as negative errno values. */
int inet_errno(err_t error);

static inline ip_addr_t inet_address(uint32_t address)
{
	ip_addr_t result = IPADDR4_INIT(address);

	return result;
}

/* ---- ring.c ---- */

#define INET_RING_SIZE TCP_WND /* as many as the other side may send */

/* False: there is no memory, or no room. */
bool inet_ring_add(struct inet_ring *ring, const struct pbuf *packet);
/* Copy what there is from a place on, at most size: how many bytes that are. */
uint32_t inet_ring_copy(const struct inet_ring *ring, uint64_t from, void *bytes, uint64_t size);
/* Forget the first bytes, as far as there are so many: how many. */
uint32_t inet_ring_take(struct inet_ring *ring, uint64_t size);
void inet_ring_destroy(struct inet_ring *ring);

/* ---- stream.c ---- */

extern const struct inet_type inet_stream;
