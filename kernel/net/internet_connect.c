/* SPDX-License-Identifier: MIT
 *
 * Names and connections: from bind(2) to accept(2) and shutdown(2).
 */
#include <asm/poll.h>
#include <linux/capability.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/net/internet_socket.h>
#include <kernel/net_protocol/net_protocol_proxies.h>
#include <kernel/proc/process.h>

#define PORTS_OF_THE_SYSTEM 1024u

/* -EINVAL, -EAFNOSUPPORT. */
static int read_address(const struct socket_address *address, struct net_name *name)
{
	const struct internet_address *given = (const struct internet_address *)address->bytes;

	if (address->size < sizeof(*given))
		return -EINVAL;
	if (given->family != AF_INET)
		return -EAFNOSUPPORT;
	name->address = given->address;
	name->port = __builtin_bswap16(given->port);
	return 0;
}

int internet_bind(struct socket *common, const struct socket_address *address)
{
	struct internet_socket *socket = internet_socket_of(common);
	struct service *service;
	struct net_name name;
	int error = read_address(address, &name);

	if (error)
		return error;
	if (name.port > 0 && name.port < PORTS_OF_THE_SYSTEM &&
	    !process_is_capable(CAP_NET_BIND_SERVICE))
		return -EACCES;
	service = protocol_enter();
	if (socket->local.port || internet_phase(socket) != INTERNET_FRESH)
		error = -EINVAL;
	else if (socket->is_absent)
		error = internet_open(service, socket);
	if (!error)
		error = (int)net_protocol_bind(service, socket->number, &name);
	if (!error)
		socket->local = name;
	protocol_leave(error == -EIO);
	return error;
}

int internet_listen(struct socket *common, uint32_t waiting_most)
{
	struct internet_socket *socket = internet_socket_of(common);
	struct service *service = protocol_enter();
	enum internet_phase phase = internet_phase(socket);
	struct net_name local;
	int error = 0;

	if (phase != INTERNET_FRESH && phase != INTERNET_LISTENING)
		error = -EINVAL;
	else if (socket->is_absent)
		error = internet_open(service, socket);
	/* One more than was said, as Linux has it. */
	if (!error)
		error = (int)net_protocol_listen(service, socket->number, waiting_most + 1, &local);
	if (!error) {
		socket->local = local;
		socket->waiting_most = waiting_most + 1;
		INTERNET_SET(socket->phase, INTERNET_LISTENING);
	}
	protocol_leave(error == -EIO);
	return error;
}

/* ---- calling ---- */

/* Back to what it was before it called, and bound to what it was bound to. */
static int begin_anew(struct service *service, struct internet_socket *socket)
        REQUIRES_LOCK(protocol_lock)
{
	if (!socket->is_absent)
		(void)net_protocol_close(service, socket->number, true);
	socket->remote = (struct net_name){0, 0};
	INTERNET_SET(socket->unread, 0);
	INTERNET_SET(socket->unsent, 0);
	INTERNET_SET(socket->is_writable, false);
	INTERNET_SET(socket->input_ended, false);
	INTERNET_SET(socket->output_ended, false);
	INTERNET_SET(socket->phase, INTERNET_FRESH);
	return internet_open(service, socket);
}

static int begin_call(struct service *service, struct internet_socket *socket,
                      const struct net_name *to, bool nonblocking) REQUIRES_LOCK(protocol_lock)
{
	struct net_name local;
	int error = 0;

	if (internet_phase(socket) == INTERNET_OVER)
		error = begin_anew(service, socket);
	else if (socket->is_absent)
		error = internet_open(service, socket);
	if (!error)
		error = (int)net_protocol_connect(service, socket->number, to, &local);
	if (error)
		return error;
	socket->local = local;
	socket->remote = *to;
	socket->call = INTERNET_CALLED;
	INTERNET_SET(socket->phase, INTERNET_CONNECTING);
	return nonblocking ? -EINPROGRESS : 0;
}

/* Begin, unless it was begun before: 0 to wait for the rest, -EINPROGRESS for who does not wait,
 * whatever has become of it by now (as on Linux), or what is wrong. */
static int call(struct internet_socket *socket, const struct net_name *to, bool nonblocking)
{
	struct service *service = protocol_enter();
	int error = 0;

	if (internet_phase(socket) == INTERNET_LISTENING || socket->call == INTERNET_ANSWERED)
		error = -EISCONN;
	else if (socket->call == INTERNET_NOT_CALLED)
		error = begin_call(service, socket, to, nonblocking);
	else if (nonblocking && internet_phase(socket) == INTERNET_CONNECTING)
		error = -EALREADY;
	protocol_leave(!error || error == -EINPROGRESS || error == -EIO);
	return error;
}

/* What became of it. */
static int answer(struct internet_socket *socket)
{
	bool is_connected;
	int error;

	(void)protocol_enter();
	/* What ended after it had begun was a connection. */
	is_connected = internet_phase(socket) == INTERNET_CONNECTED;
	socket->call = is_connected ? INTERNET_ANSWERED : INTERNET_NOT_CALLED;
	protocol_leave(false);
	if (is_connected)
		return 0;
	error = socket_take_error(&socket->common);
	return error ? error : -ECONNABORTED;
}

int internet_connect(struct socket *common, const struct socket_address *address, bool nonblocking)
{
	struct internet_socket *socket = internet_socket_of(common);
	uint64_t timeout = nonblocking ? 0 : common->send_timeout;
	struct net_name to;
	int error = read_address(address, &to), wait = 0;

	if (!error)
		error = call(socket, &to, nonblocking);
	if (error)
		return error;
	if (timeout != 0)
		wait = WAIT_UNTIL(&common->queue, internet_phase(socket) != INTERNET_CONNECTING,
		                  WAIT_INTERRUPTIBLE, socket_deadline(timeout));
	if (wait == -ETIMEDOUT)
		return -EINPROGRESS;
	return wait ? socket_wait_error(wait, timeout) : answer(socket);
}

/* ---- being called ---- */

/* What a connection has from who listened. */
static void inherit(struct internet_socket *socket, const struct internet_socket *listener)
{
	struct socket *common = &socket->common;
	const struct socket *from = &listener->common;

	common->switches = __atomic_load_n(&from->switches, __ATOMIC_RELAXED);
	common->send_limit = from->send_limit;
	common->receive_limit = from->receive_limit;
	common->send_timeout = from->send_timeout;
	common->receive_timeout = from->receive_timeout;
	common->receive_least = from->receive_least;
	common->priority = from->priority;
	common->linger = from->linger;
	socket->no_delay = listener->no_delay;
}

/* -EAGAIN: another one has taken it. */
static int fill(struct service *service, struct internet_socket *listener,
                struct internet_socket *socket) REQUIRES_LOCK(protocol_lock)
{
	struct net_names names;
	int error;

	if (internet_phase(listener) != INTERNET_LISTENING)
		return -EINVAL;
	if (listener->is_absent)
		return -EIO;
	if (!internet_register(socket))
		return -ENOBUFS;
	error = (int)net_protocol_accept(service, listener->number, socket->number, &names);
	if (error) {
		internet_unregister(socket);
		return error;
	}
	socket->is_absent = false;
	socket->local = names.local;
	socket->remote = names.remote;
	socket->call = INTERNET_ANSWERED;
	INTERNET_SET(socket->phase, INTERNET_CONNECTED);
	(void)net_protocol_configure(service, socket->number, internet_options(socket));
	return 0;
}

static int take_waiting(struct internet_socket *listener, struct socket **accepted)
{
	struct internet_socket *socket;
	struct service *service;
	int error;

	if (INTERNET_LOOK(listener->unread) == 0)
		return -EAGAIN;
	socket = internet_create();
	if (!socket)
		return -ENOBUFS;
	inherit(socket, listener);
	service = protocol_enter();
	error = fill(service, listener, socket);
	protocol_leave(true);
	if (error)
		heap_free(&core_heap, socket);
	else
		*accepted = &socket->common;
	return error;
}

static bool may_accept(const struct internet_socket *listener)
{
	return INTERNET_LOOK(listener->unread) > 0 || INTERNET_LOOK(listener->common.error) != 0 ||
	       internet_phase(listener) != INTERNET_LISTENING;
}

int internet_accept(struct socket *common, bool nonblocking, struct socket **accepted)
{
	struct internet_socket *listener = internet_socket_of(common);
	uint64_t timeout = nonblocking ? 0 : common->receive_timeout;
	uint64_t deadline = socket_deadline(timeout);
	int error, wait;

	for (;;) {
		if (internet_phase(listener) != INTERNET_LISTENING)
			return -EINVAL;
		error = socket_take_error(common);
		if (!error)
			error = take_waiting(listener, accepted);
		if (error != -EAGAIN || timeout == 0)
			return error;
		wait = WAIT_UNTIL(&common->queue, may_accept(listener), WAIT_INTERRUPTIBLE,
		                  deadline);
		if (wait < 0)
			return socket_wait_error(wait, timeout);
	}
}

/* ---- the end ---- */

static int end_directions(struct service *service, struct internet_socket *socket, int how)
        REQUIRES_LOCK(protocol_lock)
{
	int error = 0;

	if (how != SHUT_RD && !INTERNET_LOOK(socket->output_ended)) {
		error = (int)net_protocol_end_output(service, socket->number);
		INTERNET_SET(socket->output_ended, true);
	}
	if (how != SHUT_WR)
		INTERNET_SET(socket->input_ended, true);
	return error;
}

int internet_shut_down(struct socket *common, int how)
{
	struct internet_socket *socket = internet_socket_of(common);
	struct service *service = protocol_enter();
	int error = 0;

	switch (internet_phase(socket)) {
	case INTERNET_LISTENING:
		if (how != SHUT_WR)
			error = begin_anew(service, socket);
		break;
	case INTERNET_CONNECTING:
		error = begin_anew(service, socket);
		socket->call = INTERNET_NOT_CALLED;
		break;
	case INTERNET_CONNECTED:
		error = end_directions(service, socket, how);
		break;
	default:
		error = -ENOTCONN;
	}
	protocol_leave(true);
	wake_all(&common->queue);
	return error;
}
