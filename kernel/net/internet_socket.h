/* SPDX-License-Identifier: MIT
 *
 * A socket of AF_INET, for the files of the family. What it does is done by the network protocols'
 * service, which calls it by its number; the core knows what is needed to wait for it, and to make
 * it again when the service begins anew (docs/decisions/0026).
 *
 * Locks: protocol_lock guards all of it. What callers look at without it is atomic. reader:
 * receives take turns, and copy to users under it; it comes before protocol_lock.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/context.h>
#include <kernel/net/internet_family.h>
#include <kernel/net/socket.h>
#include <kernel/net_protocol/net_protocol.h>
#include <kernel/net_protocol/protocol.h>
#include <kernel/sync/mutex.h>

/* struct sockaddr_in: port and address in network byte order. */
struct internet_address {
	uint16_t family, port;
	uint32_t address;
	uint8_t zero[8];
};

enum internet_phase {
	INTERNET_FRESH,
	INTERNET_LISTENING,
	INTERNET_CONNECTING,
	INTERNET_CONNECTED,
	INTERNET_OVER, /* was connected, or could not be */
};

/* How far connect(2) has told its caller. */
enum internet_call { INTERNET_NOT_CALLED, INTERNET_CALLED, INTERNET_ANSWERED };

struct internet_socket {
	struct socket common;
	struct mutex reader;
	uint32_t number; /* by which the service knows it */
	bool is_absent;  /* the service does not know it, or does no more */
	struct net_name local, remote;
	uint32_t waiting_most; /* of one that listens */
	enum internet_call call;
	bool no_delay; /* TCP_NODELAY */

	/* Atomic. */
	uint32_t phase;  /* enum internet_phase */
	uint32_t unread; /* as of the news */
	uint32_t unsent;
	bool is_writable;
	bool input_ended, output_ended; /* nothing more comes, or may be sent */
};

#define INTERNET_LOOK(place)       __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define INTERNET_SET(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)

static inline struct internet_socket *internet_socket_of(struct socket *socket)
{
	return list_entry(socket, struct internet_socket, common);
}

static inline enum internet_phase internet_phase(const struct internet_socket *socket)
{
	return (enum internet_phase)INTERNET_LOOK(socket->phase);
}

/* ---- internet_table.c: the sockets by their numbers ---- */

/* It has a number from here on: false: there are no more. */
bool internet_register(struct internet_socket *socket) REQUIRES_LOCK(protocol_lock);
void internet_unregister(struct internet_socket *socket) REQUIRES_LOCK(protocol_lock);
/* Have the service know it, as it is: 0, -EIO, and what open answers. */
int __must_check internet_open(struct service *service, struct internet_socket *socket)
        REQUIRES_LOCK(protocol_lock) MAY_SLEEP;
/* The options that the service is to know of. */
uint32_t internet_options(const struct internet_socket *socket);

/* ---- internet_socket.c ---- */

/* One that no service knows: NULL when memory is out. */
struct internet_socket *internet_create(void);
/* The service knows it no more, and it is gone. */
void internet_close(struct socket *socket) MAY_SLEEP;
uint32_t internet_poll(struct socket *socket);
void internet_configure(struct socket *socket) MAY_SLEEP;

/* ---- internet_connect.c ---- */

int internet_bind(struct socket *socket, const struct socket_address *address) MAY_SLEEP;
int internet_listen(struct socket *socket, uint32_t waiting_most) MAY_SLEEP;
int internet_connect(struct socket *socket, const struct socket_address *address,
                     bool nonblocking) MAY_SLEEP;
int internet_accept(struct socket *socket, bool nonblocking, struct socket **accepted) MAY_SLEEP;
int internet_shut_down(struct socket *socket, int how) MAY_SLEEP;

/* ---- internet_transfer.c ---- */

long internet_send(struct socket *socket, struct socket_transfer *transfer) MAY_SLEEP;
long internet_receive(struct socket *socket, struct socket_transfer *transfer) MAY_SLEEP;
