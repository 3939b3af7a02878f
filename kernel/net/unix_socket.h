/* SPDX-License-Identifier: MIT
 *
 * A socket of AF_UNIX, for the files of the family.
 *
 * Life: a socket lives as long as anyone refers to it: its file (or its place in a backlog), its
 * peer, its messages that are not received yet. What it does ends when its file goes: closed.
 *
 * Locks, outermost first; of one row never two at a time, so that no order among sockets is needed:
 *   control       bind, connect and listen of one socket take turns
 *   reader        so do receives, which copy to users under it
 *   flight        unix_flight.c: which sockets travel with messages
 *   table         unix_names.c: all sockets, and the names of those that are bound
 *   backlog_lock  a listening socket's connections that wait
 *   lock          a socket's messages, and what its peers may ask and change
 * Whom to wake is found out under a lock; wait queues rank behind all of these.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <linux/un.h>

#include <aramid/context.h>
#include <kernel/lib/list.h>
#include <kernel/net/socket.h>
#include <kernel/net/unix_family.h>
#include <kernel/sync/mutex.h>
#include <kernel/sync/spinlock.h>

struct vnode;

#define UNIX_PATH_AT offsetof(struct sockaddr_un, sun_path)

/* A name, which is never changed. */
struct unix_name {
	uint32_t references; /* atomic */
	uint32_t size;       /* with the family, as users have it */
	char path[UNIX_PATH_MAX + 1];
};

struct unix_socket {
	struct socket common;
	uint32_t references; /* atomic */
	struct mutex control, reader;

	struct list all, named; /* table; named: a bucket of names */
	struct unix_name *name; /* set once: control and table; one reference */
	struct vnode *vnode;    /* of a name that is a path: the same; one reference */

	struct spinlock backlog_lock;
	bool listening;      /* backlog_lock, as the next three */
	struct list backlog; /* of those that wait in it: their own place */
	uint32_t waiting, waiting_most;

	struct spinlock lock;
	struct list messages;
	uint32_t message_count;   /* lock; atomic for those who only look */
	uint64_t unread;          /* bytes in them that no receive took: atomic */
	uint64_t held;            /* what they take up: the same as message_count */
	struct unix_socket *peer; /* one reference. Of connections set once, else with lock */
	struct list callers;      /* of datagrams: who has this one for a peer (called) */
	struct list called;       /* in the peer's callers: the peer's lock */
	bool closed;              /* lock */
	/* Nothing more comes, or may be sent: lock; atomic for those who only look. */
	bool input_ends, output_ends;
	uint64_t sent; /* what its own messages take up that nobody received: atomic */
	struct socket_credentials own, of_peer; /* SO_PEERCRED; before others see the socket */

	/* unix_flight.c: guarded by flight. */
	uint32_t in_flight; /* messages that its file travels with */
	uint32_t unexplained;
	bool is_candidate;
	struct list flying, reached;
};

struct unix_message {
	struct list link;
	struct unix_socket *sender; /* one reference */
	struct socket_control control;
	uint64_t size, taken; /* bytes; of a stream those that were received */
	uint64_t held;        /* bytes of memory */
	uint32_t user;        /* whose the files that travel are (unix_flight_begin) */
	struct list pieces;   /* what does not fit in here */
	uint32_t size_here;
	char bytes[];
};

static inline struct unix_socket *unix_socket_of(struct socket *socket)
{
	return list_entry(socket, struct unix_socket, common);
}

/* Datagrams need no connection, the others do. */
static inline bool unix_is_datagram(const struct unix_socket *socket)
{
	return socket->common.type == SOCK_DGRAM;
}

static inline bool unix_flag(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static inline void unix_set_flag(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_RELEASE);
}

/* A connection's peer, which stays as long as the socket does. */
static inline struct unix_socket *unix_peer(const struct unix_socket *socket)
{
	return __atomic_load_n(&socket->peer, __ATOMIC_ACQUIRE);
}

/* ---- unix_socket.c ---- */

/* One reference, no file: NULL with *error, -ENOMEM or -ENOBUFS. */
struct unix_socket *unix_create(int type, int *error);
struct unix_socket *unix_hold(struct unix_socket *socket);
void unix_put(struct unix_socket *socket);

/* The peer, with a reference; NULL: none. */
struct unix_socket *unix_hold_peer(struct unix_socket *socket);

/* Take up memory of what all sockets may have together (a quarter of the machine's), or give it
 * back. */
bool __must_check unix_take_memory(uint64_t size);
void unix_give_memory(uint64_t size);

struct socket_credentials unix_own_credentials(void);

/* ---- unix_names.c ---- */

void unix_register(struct unix_socket *socket);
/* Neither its name nor the list of all leads to it from here on. */
void unix_unregister(struct unix_socket *socket);

int unix_bind(struct socket *socket, const struct socket_address *address);
/* A name by itself, with control, unless it has one: 0, -ENOMEM, -ENOSPC. */
int __must_check unix_bind_itself(struct unix_socket *socket);
/* Whom an address names, of this type: one reference. -EINVAL, -ECONNREFUSED, -EPROTOTYPE, -EACCES,
 * and what a path lookup answers. */
int __must_check unix_find(const struct socket_address *address, int type,
                           struct unix_socket **found);
/* The address of a socket; one without a name has the family alone. */
void unix_copy_name(struct unix_socket *socket, struct socket_address *address);
/* The same name as another one's: of a connection that is accepted. */
void unix_share_name(struct unix_socket *socket, struct unix_socket *with);

/* ---- unix_connect.c ---- */

int unix_connect(struct socket *socket, const struct socket_address *address, bool nonblocking);
int unix_listen(struct socket *socket, uint32_t waiting_most);
int unix_accept(struct socket *socket, bool nonblocking, struct socket **accepted);
int unix_pair(struct socket *one, struct socket *other);
/* A datagram socket has this peer (NULL: none) from now on. With control. */
void unix_set_peer(struct unix_socket *socket, struct unix_socket *peer);
/* A peer that is gone is none any more. */
void unix_forget_peer(struct unix_socket *socket, const struct unix_socket *peer);

/* ---- unix_message.c ---- */

/* A message of so many of the transfer's bytes, which takes over the files and is charged to the
 * sender: NULL and *error, -EFAULT, -ENOMEM, -ENOBUFS, -ETOOMANYREFS. */
struct unix_message *unix_message_create(struct unix_socket *sender,
                                         struct socket_transfer *transfer, uint64_t size,
                                         int *error) MAY_SLEEP;
/* NULL is allowed. Closes files that nobody received. */
void unix_message_destroy(struct unix_message *message);
/* All of a list. */
void unix_messages_destroy(struct list *messages);
/* Copy size of its bytes from a place on: how many there were before a fault. */
uint64_t __must_check unix_message_copy(const struct unix_message *message, uint64_t from,
                                        uint64_t size, struct socket_data *to) MAY_SLEEP;

/* With the receiver's lock. */
void unix_message_append(struct unix_socket *receiver, struct unix_message *message)
        REQUIRES_LOCK(receiver->lock);
void unix_message_remove(struct unix_socket *receiver, struct unix_message *message)
        REQUIRES_LOCK(receiver->lock);

/* ---- unix_send.c, unix_receive.c ---- */

long unix_send_stream(struct socket *socket, struct socket_transfer *transfer);
long unix_send_packet(struct socket *socket, struct socket_transfer *transfer);
long unix_receive_stream(struct socket *socket, struct socket_transfer *transfer);
long unix_receive_packet(struct socket *socket, struct socket_transfer *transfer);

/* Whether its messages leave room for another one; for poll(2) Linux wants more of it. */
bool unix_has_room(const struct unix_socket *socket);
bool unix_is_writable(const struct unix_socket *socket);
/* Whether so many datagrams wait at a receiver that no stranger may add one. */
bool unix_is_full(const struct unix_socket *receiver);

/* ---- unix_flight.c ---- */

/* Files travel from here on until they are received, or nobody can: 0 or -ETOOMANYREFS. NULL is
 * allowed. */
int __must_check unix_flight_begin(const struct socket_files *files, uint32_t *user);
void unix_flight_end(const struct socket_files *files, uint32_t user);
