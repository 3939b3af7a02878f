/* SPDX-License-Identifier: MIT
 *
 * Sockets (socket(2)): what all have, and what a family of them provides. A socket is the state of
 * one open file, or waits for accept(2) and has none yet. All may sleep unless they say otherwise;
 * answers are results or negative errno values.
 *
 * Locking: a family's own locks guard its sockets. Options are words that anyone may read; the last
 * writer sets them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/net/socket_abi.h>
#include <kernel/net/socket_data.h>
#include <kernel/sync/wait_queue.h>

struct file;
struct socket;

/* struct sockaddr and its length, as a user passed it or will get it. */
struct socket_address {
	uint32_t size;
	union {
		uint16_t family;
		char bytes[ADDRESS_MOST];
	};
};

/* Open files that travel with a message (SCM_RIGHTS): one reference each. */
struct socket_files {
	uint32_t count;
	struct file *files[];
};

/* What travels beside the bytes (cmsg(3)). */
struct socket_control {
	struct socket_files *files; /* NULL: none */
	bool has_credentials;
	struct socket_credentials credentials;
};

/* One send or receive. Of a receive, flags, address and control are filled in; who gets files there
 * puts them. */
struct socket_transfer {
	struct socket_data data;
	uint32_t flags;                 /* MSG_* */
	struct socket_address *address; /* NULL: none is given, or wanted */
	struct socket_control control;
};

struct socket_operations {
	int (*bind)(struct socket *socket, const struct socket_address *address);
	int (*connect)(struct socket *socket, const struct socket_address *address,
	               bool nonblocking);
	int (*listen)(struct socket *socket, uint32_t waiting_most);
	/* A connection that waits, which is the caller's. */
	int (*accept)(struct socket *socket, bool nonblocking, struct socket **accepted);
	/* The socket's own address, or its peer's. */
	int (*name)(struct socket *socket, bool of_peer, struct socket_address *address);
	int (*shutdown)(struct socket *socket, int how); /* SHUT_* */
	/* Bytes, of a receive 0 at the end. */
	long (*send)(struct socket *socket, struct socket_transfer *transfer);
	long (*receive)(struct socket *socket, struct socket_transfer *transfer);
	/* POLL* that hold; who waits does so at socket->queue. Does not sleep. */
	uint32_t (*poll)(struct socket *socket);
	/* Bytes to read (FIONREAD), and bytes that are sent and not received (SIOCOUTQ). */
	long (*count_unread)(struct socket *socket);
	long (*count_unreceived)(struct socket *socket);
	bool (*is_listening)(struct socket *socket);
	/* SO_PEERCRED. */
	struct socket_credentials (*peer_credentials)(struct socket *socket);
	/* Options of the family's own: level is not SOL_SOCKET. As socket_set_option and
	 * socket_get_option; NULL: there are none (-EOPNOTSUPP). */
	int (*set_option)(struct socket *socket, int level, int option, const void *value,
	                  uint32_t size);
	long (*get_option)(struct socket *socket, int level, int option, void *value);
	/* An option was switched on or off; NULL: whoever needs it looks. */
	void (*switched)(struct socket *socket);
	/* The pages that it holds and that come back with it. Does not sleep. */
	uint64_t (*pages)(struct socket *socket);
	/* Nobody refers to its file any more, or it is not to get one: it is gone. */
	void (*close)(struct socket *socket);
};

struct socket_family {
	int domain;       /* AF_* */
	const char *name; /* as /proc calls it */
	/* -EPROTONOSUPPORT, -ESOCKTNOSUPPORT, -ENOMEM, -ENOBUFS. */
	int (*create)(int type, int protocol, struct socket **socket);
	/* Two that are connected; NULL: there are none (-EOPNOTSUPP). */
	int (*pair)(struct socket *one, struct socket *other);
};

struct socket {
	const struct socket_family *family;
	const struct socket_operations *operations;
	struct file *file; /* no reference; NULL: none yet */
	int type, protocol;
	uint64_t number; /* what fstat(2) calls its inode */
	uint32_t user, group;
	struct wait_queue queue; /* who waits for whatever may change */
	int error;               /* SO_ERROR, positive; atomic */
	uint32_t switches;       /* options that are on or off: bit SO_*; atomic */
	uint32_t send_limit, receive_limit;
	uint64_t send_timeout, receive_timeout; /* ns; WAIT_FOREVER */
	int receive_least;                      /* SO_RCVLOWAT */
	int priority, linger;                   /* linger: seconds, -1: off */
};

/* ---- socket.c ---- */

/* For a family: fill in what all have. */
void socket_init(struct socket *socket, const struct socket_family *family,
                 const struct socket_operations *operations, int type, int protocol);

/* A socket of a family: -EAFNOSUPPORT, -EINVAL, and what the family answers. */
int __must_check socket_create(int domain, int type, int protocol, struct socket **socket);
int __must_check socket_create_pair(int domain, int type, int protocol, struct socket *pair[2]);

/* Its open file, which takes it over; NULL when memory is out, and the socket is gone. */
struct file *socket_open(struct socket *socket, uint32_t flags);

/* The socket of an open file; NULL: it is none. */
struct socket *socket_of(const struct file *file);

/* The pages behind a file, if it is a socket. */
uint64_t socket_pages(const struct file *file);

static inline bool socket_has_switch(const struct socket *socket, int option)
{
	return __atomic_load_n(&socket->switches, __ATOMIC_RELAXED) & 1u << option;
}

/* The error that waits, which it does no more: 0 or negative. */
int socket_take_error(struct socket *socket);

/* Until when a call waits that began now. */
uint64_t socket_deadline(uint64_t timeout);
/* What it answers when a wait ended with an error of wait_sleep. */
int socket_wait_error(int error, uint64_t timeout);

/* Who writes where nobody reads any more: SIGPIPE unless the flags say no; -EPIPE. */
long socket_broken_pipe(uint32_t flags);

/* Files that travel: NULL is allowed. A second reference to each: NULL when memory is out. */
struct socket_files *socket_files_copy(const struct socket_files *files);
void socket_files_put(struct socket_files *files);

/* ---- socket_options.c: setsockopt(2), getsockopt(2) at SOL_SOCKET ---- */

#define SOCKET_OPTION_MOST 16 /* bytes */

/* value: at least size bytes of the user's that the core has copied. */
int __must_check socket_set_option(struct socket *socket, int option, const void *value,
                                   uint32_t size);
/* The size of the value, at most SOCKET_OPTION_MOST. */
long socket_get_option(struct socket *socket, int option, void *value);
