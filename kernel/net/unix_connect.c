/* SPDX-License-Identifier: MIT
 *
 * Connections: from connect(2) to accept(2), and whom a datagram socket sends to.
 *
 * A connection is made by who calls for it, as a pair: the other half waits in the listening
 * socket's backlog, where it can be sent to already, until it is accepted.
 */
#include <asm/poll.h>
#include <asm/socket.h>

#include <kernel/lib/errno.h>
#include <kernel/net/unix_socket.h>
#include <kernel/vfs/file.h>

static void join(struct unix_socket *one, struct unix_socket *other)
{
	__atomic_store_n(&one->peer, unix_hold(other), __ATOMIC_RELEASE);
}

int unix_pair(struct socket *one_common, struct socket *other_common)
{
	struct unix_socket *one = unix_socket_of(one_common);
	struct unix_socket *other = unix_socket_of(other_common);

	one->own = other->own = one->of_peer = other->of_peer = unix_own_credentials();
	if (unix_is_datagram(one)) {
		unix_set_peer(one, other);
		unix_set_peer(other, one);
	} else {
		join(one, other);
		join(other, one);
	}
	return 0;
}

/* ---- datagrams ---- */

static void leave_callers(struct unix_socket *socket, struct unix_socket *peer)
{
	spin_lock(&peer->lock);
	list_remove(&socket->called);
	spin_unlock(&peer->lock);
}

void unix_set_peer(struct unix_socket *socket, struct unix_socket *peer)
{
	struct unix_socket *before;

	spin_lock(&socket->lock);
	before = socket->peer;
	__atomic_store_n(&socket->peer, peer ? unix_hold(peer) : NULL, __ATOMIC_RELEASE);
	spin_unlock(&socket->lock);
	if (before)
		leave_callers(socket, before);
	unix_put(before);
	if (!peer)
		return;
	spin_lock(&peer->lock);
	if (!peer->closed)
		list_add_tail(&peer->callers, &socket->called);
	spin_unlock(&peer->lock);
}

void unix_forget_peer(struct unix_socket *socket, const struct unix_socket *peer)
{
	mutex_lock(&socket->control);
	if (unix_peer(socket) == peer)
		unix_set_peer(socket, NULL);
	mutex_unlock(&socket->control);
}

/* Who has a peer takes nothing from others. */
static int may_send(struct unix_socket *socket, struct unix_socket *to)
{
	int error;

	spin_lock(&to->lock);
	error = to->peer && to->peer != socket ? -EPERM : 0;
	spin_unlock(&to->lock);
	return error;
}

static int connect_datagram(struct unix_socket *socket, const struct socket_address *address)
{
	struct unix_socket *peer;
	int error;

	if (address->size < sizeof(address->family))
		return -EINVAL;
	if (address->family == AF_UNSPEC) {
		unix_set_peer(socket, NULL);
		return 0;
	}
	if (socket_has_switch(&socket->common, SO_PASSCRED)) {
		error = unix_bind_itself(socket);
		if (error)
			return error;
	}
	error = unix_find(address, SOCK_DGRAM, &peer);
	if (error)
		return error;
	error = may_send(socket, peer);
	if (!error)
		unix_set_peer(socket, peer);
	unix_put(peer);
	return error;
}

/* ---- connections ---- */

/* Into the backlog: 0, -ECONNREFUSED, -EAGAIN when it is full. */
static int queue_up(struct unix_socket *socket, struct unix_socket *listener,
                    struct unix_socket *half)
{
	int error = 0;

	spin_lock(&listener->backlog_lock);
	if (!listener->listening || unix_flag(&listener->input_ends))
		error = -ECONNREFUSED;
	else if (listener->waiting > listener->waiting_most)
		error = -EAGAIN;
	if (!error) {
		socket->of_peer = listener->own;
		join(half, socket);
		join(socket, half);
		list_add_tail(&listener->backlog, &half->backlog);
		__atomic_store_n(&listener->waiting, listener->waiting + 1, __ATOMIC_RELEASE);
	}
	spin_unlock(&listener->backlog_lock);
	if (!error)
		wake_for(&listener->common.queue, POLLIN | POLLRDNORM);
	return error;
}

static bool is_backlog_full(struct unix_socket *listener)
{
	bool full;

	spin_lock(&listener->backlog_lock);
	full = listener->listening && listener->waiting > listener->waiting_most;
	spin_unlock(&listener->backlog_lock);
	return full;
}

static int call(struct unix_socket *socket, struct unix_socket *listener, struct unix_socket *half,
                bool nonblocking)
{
	uint64_t timeout = nonblocking ? 0 : socket->common.send_timeout;
	uint64_t deadline = socket_deadline(timeout);
	int error, wait;

	for (;;) {
		error = queue_up(socket, listener, half);
		if (error != -EAGAIN || timeout == 0)
			return error;
		wait = WAIT_UNTIL(&listener->common.queue, !is_backlog_full(listener),
		                  WAIT_INTERRUPTIBLE, deadline);
		if (wait < 0)
			return socket_wait_error(wait, timeout);
	}
}

/* The half of a connection that will be accepted. */
static struct unix_socket *make_half(struct unix_socket *socket, struct unix_socket *listener,
                                     int *error)
{
	struct unix_socket *half = unix_create(socket->common.type, error);

	if (!half)
		return NULL;
	half->of_peer = half->own = unix_own_credentials();
	unix_share_name(half, listener);
	half->common.user = listener->common.user;
	half->common.group = listener->common.group;
	half->common.switches =
	        __atomic_load_n(&listener->common.switches, __ATOMIC_RELAXED) & 1u << SO_PASSCRED;
	return half;
}

static int connect_to(struct unix_socket *socket, const struct socket_address *address,
                      bool nonblocking)
{
	struct unix_socket *listener, *half;
	int error = unix_find(address, socket->common.type, &listener);

	if (error)
		return error;
	if (!unix_flag(&listener->listening))
		error = -ECONNREFUSED;
	else if (unix_peer(socket))
		error = -EISCONN;
	else if (socket->listening)
		error = -EINVAL;
	half = error ? NULL : make_half(socket, listener, &error);
	if (half) {
		error = call(socket, listener, half, nonblocking);
		if (error)
			half->common.operations->close(&half->common);
	}
	unix_put(listener);
	return error;
}

int unix_connect(struct socket *common, const struct socket_address *address, bool nonblocking)
{
	struct unix_socket *socket = unix_socket_of(common);
	int error = 0;

	mutex_lock(&socket->control);
	if (unix_is_datagram(socket)) {
		error = connect_datagram(socket, address);
	} else {
		if (socket_has_switch(common, SO_PASSCRED))
			error = unix_bind_itself(socket);
		if (!error)
			error = connect_to(socket, address, nonblocking);
	}
	mutex_unlock(&socket->control);
	return error;
}

int unix_listen(struct socket *common, uint32_t waiting_most)
{
	struct unix_socket *socket = unix_socket_of(common);
	int error = 0;

	mutex_lock(&socket->control);
	if (!socket->name || unix_peer(socket))
		error = -EINVAL;
	if (!error) {
		socket->own = socket->of_peer = unix_own_credentials();
		spin_lock(&socket->backlog_lock);
		socket->waiting_most = waiting_most;
		unix_set_flag(&socket->listening);
		spin_unlock(&socket->backlog_lock);
		wake_all(&common->queue);
	}
	mutex_unlock(&socket->control);
	return error;
}

static struct unix_socket *take_waiting(struct unix_socket *listener)
{
	struct unix_socket *half = NULL;

	spin_lock(&listener->backlog_lock);
	if (!list_empty(&listener->backlog)) {
		half = list_entry(listener->backlog.next, struct unix_socket, backlog);
		list_remove(&half->backlog);
		__atomic_store_n(&listener->waiting, listener->waiting - 1, __ATOMIC_RELEASE);
	}
	spin_unlock(&listener->backlog_lock);
	return half;
}

int unix_accept(struct socket *common, bool nonblocking, struct socket **accepted)
{
	struct unix_socket *listener = unix_socket_of(common), *half;
	uint64_t timeout = nonblocking ? 0 : common->receive_timeout;
	uint64_t deadline = socket_deadline(timeout);
	int wait;

	if (!unix_flag(&listener->listening))
		return -EINVAL;
	while (!(half = take_waiting(listener))) {
		if (unix_flag(&listener->input_ends))
			return -EINVAL;
		if (timeout == 0)
			return -EAGAIN;
		wait = WAIT_UNTIL(&common->queue,
		                  __atomic_load_n(&listener->waiting, __ATOMIC_ACQUIRE) != 0 ||
		                          unix_flag(&listener->input_ends),
		                  WAIT_INTERRUPTIBLE, deadline);
		if (wait < 0)
			return socket_wait_error(wait, timeout);
	}
	wake_for(&common->queue, POLLOUT | POLLWRNORM);
	*accepted = &half->common;
	return 0;
}
