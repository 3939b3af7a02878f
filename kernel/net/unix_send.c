/* SPDX-License-Identifier: MIT
 *
 * Sending: bytes of a stream in messages of a middling size, everything else in one message each.
 */
#include <asm/poll.h>
#include <asm/socket.h>

#include <kernel/lib/errno.h>
#include <kernel/net/unix_socket.h>
#include <kernel/proc/process.h>

#define STREAM_MESSAGE_MOST 16384u /* the receiver can begin when so much is there */
#define MESSAGE_OVERHEAD    32u    /* what a message must be smaller by than SO_SNDBUF, on Linux */
#define DATAGRAMS_MOST      10u    /* net.unix.max_dgram_qlen: that wait, when one more is sent */
#define WRITABLE_SHARE      4u /* one part of SO_SNDBUF: poll(2) says no when more is taken up */

static uint64_t sent(const struct unix_socket *socket)
{
	return __atomic_load_n(&socket->sent, __ATOMIC_ACQUIRE);
}

bool unix_has_room(const struct unix_socket *socket)
{
	return sent(socket) < socket->common.send_limit;
}

bool unix_is_writable(const struct unix_socket *socket)
{
	return sent(socket) * WRITABLE_SHARE <= socket->common.send_limit;
}

bool unix_is_full(const struct unix_socket *receiver)
{
	return __atomic_load_n(&receiver->message_count, __ATOMIC_ACQUIRE) > DATAGRAMS_MOST;
}

/* A send that is under way, and until when it may take. */
struct sending {
	struct unix_socket *socket;
	struct socket_transfer *transfer;
	uint64_t timeout, deadline;
};

static struct sending begin(struct socket *socket, struct socket_transfer *transfer)
{
	struct sending sending = {
	        .socket = unix_socket_of(socket),
	        .transfer = transfer,
	        .timeout = transfer->flags & MSG_DONTWAIT ? 0 : socket->send_timeout,
	};

	sending.deadline = sending.timeout == 0 ? 0 : socket_deadline(sending.timeout);
	return sending;
}

/* Until the messages that are on their way leave room: 0, -EAGAIN, -EPIPE, or as interrupted. */
static int wait_for_room(const struct sending *sending)
{
	struct unix_socket *socket = sending->socket;
	int wait;

	if (!unix_has_room(socket)) {
		if (sending->timeout == 0)
			return -EAGAIN;
		wait = WAIT_UNTIL(&socket->common.queue,
		                  unix_has_room(socket) || unix_flag(&socket->output_ends),
		                  WAIT_INTERRUPTIBLE, sending->deadline);
		if (wait < 0)
			return socket_wait_error(wait, sending->timeout);
	}
	return unix_flag(&socket->output_ends) ? -EPIPE : 0;
}

/* Who asks to be told who sends is told, whether the sender says it or not. */
static void add_credentials(const struct sending *sending, const struct unix_socket *receiver,
                            struct unix_message *message)
{
	const struct process *process = current_process();

	if (message->control.has_credentials ||
	    (!socket_has_switch(&sending->socket->common, SO_PASSCRED) &&
	     !socket_has_switch(&receiver->common, SO_PASSCRED)))
		return;
	message->control.has_credentials = true;
	message->control.credentials = (struct socket_credentials){
	        .process = process->id,
	        .user = process->credentials.user.real,
	        .group = process->credentials.group.real,
	};
}

/* ---- streams ---- */

static int send_piece(const struct sending *sending, struct unix_socket *peer, uint64_t size)
{
	struct unix_message *message;
	bool is_over;
	int error = 0;

	message = unix_message_create(sending->socket, sending->transfer, size, &error);
	if (!message)
		return error;
	add_credentials(sending, peer, message);
	spin_lock(&peer->lock);
	is_over = peer->closed || peer->input_ends;
	if (!is_over)
		unix_message_append(peer, message);
	spin_unlock(&peer->lock);
	if (is_over) {
		unix_message_destroy(message);
		return -EPIPE;
	}
	wake_for(&peer->common.queue, POLLIN | POLLRDNORM);
	return 0;
}

static int check_stream(const struct unix_socket *socket, const struct socket_transfer *transfer)
{
	if (transfer->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (transfer->address)
		return unix_peer(socket) ? -EISCONN : -EOPNOTSUPP;
	if (!unix_peer(socket))
		return -ENOTCONN;
	return unix_flag(&socket->output_ends) ? -EPIPE : 0;
}

long unix_send_stream(struct socket *common, struct socket_transfer *transfer)
{
	struct sending sending = begin(common, transfer);
	struct unix_socket *socket = sending.socket, *peer = unix_peer(socket);
	int error = check_stream(socket, transfer);
	long done = 0;

	while (!error && transfer->data.left > 0) {
		uint64_t left = transfer->data.left;
		uint64_t size = left < STREAM_MESSAGE_MOST ? left : STREAM_MESSAGE_MOST;

		error = wait_for_room(&sending);
		if (!error)
			error = send_piece(&sending, peer, size);
		if (!error)
			done += (long)size;
	}
	if (done > 0)
		return done;
	return error == -EPIPE ? socket_broken_pipe(transfer->flags) : error;
}

/* ---- datagrams and sequences of packets ---- */

/* Whom it goes to, with a reference. */
static int find_receiver(const struct sending *sending, struct unix_socket **receiver)
{
	struct unix_socket *socket = sending->socket;
	const struct socket_address *address = sending->transfer->address;

	/* A connection's packets go to its peer, whatever else is said. */
	if (address && unix_is_datagram(socket))
		return unix_find(address, SOCK_DGRAM, receiver);
	*receiver = unix_hold_peer(socket);
	return *receiver ? 0 : -ENOTCONN;
}

/* Into the receiver's messages: 0, or why not; -EAGAIN: there are too many. */
static int deliver(const struct sending *sending, struct unix_socket *receiver,
                   struct unix_message *message)
{
	struct unix_socket *socket = sending->socket;
	bool is_stranger;
	int error = 0;

	add_credentials(sending, receiver, message);
	spin_lock(&receiver->lock);
	is_stranger = unix_is_datagram(socket) && receiver->peer != socket;
	if (receiver->closed)
		error = unix_is_datagram(socket) ? -ECONNREFUSED : -EPIPE;
	else if (is_stranger && receiver->peer)
		error = -EPERM;
	else if (receiver->input_ends)
		error = -EPIPE;
	else if (is_stranger && receiver != socket && unix_is_full(receiver))
		error = -EAGAIN;
	else
		unix_message_append(receiver, message);
	spin_unlock(&receiver->lock);
	if (!error)
		wake_for(&receiver->common.queue, POLLIN | POLLRDNORM);
	return error;
}

static int deliver_or_wait(const struct sending *sending, struct unix_socket *receiver,
                           struct unix_message *message)
{
	int error, wait;

	for (;;) {
		error = deliver(sending, receiver, message);
		if (error != -EAGAIN || sending->timeout == 0)
			return error;
		wait = WAIT_UNTIL(&receiver->common.queue,
		                  !unix_is_full(receiver) || unix_flag(&receiver->closed) ||
		                          unix_flag(&receiver->input_ends),
		                  WAIT_INTERRUPTIBLE, sending->deadline);
		if (wait < 0)
			return socket_wait_error(wait, sending->timeout);
	}
}

static int send_to(const struct sending *sending, struct unix_socket *receiver)
{
	struct unix_message *message;
	int error = wait_for_room(sending);

	if (error)
		return error;
	message = unix_message_create(sending->socket, sending->transfer,
	                              sending->transfer->data.left, &error);
	if (!message)
		return error;
	error = deliver_or_wait(sending, receiver, message);
	if (error)
		unix_message_destroy(message);
	if (error == -ECONNREFUSED)
		unix_forget_peer(sending->socket, receiver);
	return error;
}

static int check_packet(struct unix_socket *socket, const struct socket_transfer *transfer)
{
	int error;

	if (transfer->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (!unix_is_datagram(socket)) {
		error = socket_take_error(&socket->common);
		if (error)
			return error;
		if (!unix_peer(socket))
			return -ENOTCONN;
	}
	return transfer->data.left > socket->common.send_limit - MESSAGE_OVERHEAD ? -EMSGSIZE : 0;
}

/* A name by which the receiver can answer, for who passes credentials. */
static int name_itself(struct unix_socket *socket)
{
	int error;

	if (!socket_has_switch(&socket->common, SO_PASSCRED) || socket->name)
		return 0;
	mutex_lock(&socket->control);
	error = unix_bind_itself(socket);
	mutex_unlock(&socket->control);
	return error;
}

long unix_send_packet(struct socket *common, struct socket_transfer *transfer)
{
	struct sending sending = begin(common, transfer);
	struct unix_socket *receiver;
	uint64_t size = transfer->data.left;
	int error = check_packet(sending.socket, transfer);

	if (!error)
		error = name_itself(sending.socket);
	if (!error)
		error = find_receiver(&sending, &receiver);
	if (error)
		return error;
	error = send_to(&sending, receiver);
	unix_put(receiver);
	return error ? error : (long)size;
}
