/* SPDX-License-Identifier: MIT
 *
 * Sending and receiving, by way of a page of the core's: the service never sees users' memory.
 */
#include <asm/poll.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/net/internet_socket.h>
#include <kernel/net_protocol/net_protocol_proxies.h>

/* One that is under way, and until when it may take. */
struct transferring {
	struct internet_socket *socket;
	struct socket_transfer *transfer;
	void *piece; /* NET_TRANSFER_MAX bytes */
	uint64_t timeout, deadline;
	uint64_t done;
};

static int begin(struct transferring *transferring, struct socket *socket,
                 struct socket_transfer *transfer, uint64_t timeout)
{
	*transferring = (struct transferring){
	        .socket = internet_socket_of(socket),
	        .transfer = transfer,
	        .piece = heap_alloc(&core_heap, NET_TRANSFER_MAX),
	        .timeout = transfer->flags & MSG_DONTWAIT ? 0 : timeout,
	};
	transferring->deadline =
	        transferring->timeout == 0 ? 0 : socket_deadline(transferring->timeout);
	return transferring->piece ? 0 : -ENOBUFS;
}

static uint64_t next_size(const struct transferring *transferring)
{
	uint64_t left = transferring->transfer->data.left;

	return left < NET_TRANSFER_MAX ? left : NET_TRANSFER_MAX;
}

/* ---- sending ---- */

/* 0, -EAGAIN: not now, or why not at all. An error that waits is told by who has sent nothing. */
static int sending_state(const struct transferring *sending)
{
	struct internet_socket *socket = sending->socket;
	enum internet_phase phase = internet_phase(socket);
	int error = sending->done ? 0 : socket_take_error(&socket->common);

	if (error)
		return error;
	if (phase == INTERNET_FRESH || phase == INTERNET_LISTENING ||
	    INTERNET_LOOK(socket->output_ended))
		return -EPIPE;
	return INTERNET_LOOK(socket->is_writable) ? 0 : -EAGAIN;
}

static bool may_send(const struct internet_socket *socket)
{
	return INTERNET_LOOK(socket->is_writable) || INTERNET_LOOK(socket->output_ended) ||
	       INTERNET_LOOK(socket->common.error) != 0 || internet_phase(socket) == INTERNET_FRESH;
}

static int wait_for_room(const struct transferring *sending)
{
	struct wait_queue *queue = &sending->socket->common.queue;
	int error, wait;

	for (;;) {
		error = sending_state(sending);
		if (error != -EAGAIN || sending->timeout == 0)
			return error;
		wait = WAIT_UNTIL(queue, may_send(sending->socket), WAIT_INTERRUPTIBLE,
		                  sending->deadline);
		if (wait < 0)
			return socket_wait_error(wait, sending->timeout);
	}
}

static long hand_over(struct internet_socket *socket, const char *bytes, uint64_t size)
{
	struct service *service = protocol_enter();
	long count = socket->is_absent ? -EPIPE
	                               : net_protocol_send(service, socket->number, bytes, size);

	protocol_leave(true);
	return count;
}

/* All of a piece, or as much as there is time for. */
static int send_piece(struct transferring *sending, uint64_t size)
{
	uint64_t given = 0;
	int error = 0;

	while (given < size) {
		long count;

		error = wait_for_room(sending);
		if (error)
			break;
		count = hand_over(sending->socket, (char *)sending->piece + given, size - given);
		if (count < 0 && count != -EAGAIN)
			return (int)count;
		if (count < 0)
			continue;
		given += (uint64_t)count;
		sending->done += (uint64_t)count;
	}
	return error;
}

static int send_all(struct transferring *sending)
{
	struct socket_data *data = &sending->transfer->data;
	int error = 0;

	do {
		uint64_t size = next_size(sending);

		/* Not before it is known that it can be: what was read is used up. */
		error = wait_for_room(sending);
		if (!error && socket_data_read(data, sending->piece, size) < size)
			error = -EFAULT;
		if (!error)
			error = send_piece(sending, size);
	} while (!error && data->left > 0);
	return error;
}

long internet_send(struct socket *socket, struct socket_transfer *transfer)
{
	struct transferring sending;
	int error;

	/* lwIP has no urgent data. */
	if (transfer->flags & MSG_OOB)
		return -EOPNOTSUPP;
	error = begin(&sending, socket, transfer, socket->send_timeout);
	if (!error)
		error = send_all(&sending);
	heap_free(&core_heap, sending.piece);
	if (sending.done > 0)
		return (long)sending.done;
	return error == -EPIPE ? socket_broken_pipe(transfer->flags) : error;
}

/* ---- receiving ---- */

/* What lies there from a place on, into the piece. */
static long look_at(const struct transferring *receiving, uint64_t from, uint64_t size)
{
	struct internet_socket *socket = receiving->socket;
	struct service *service = protocol_enter();
	long count = 0;

	if (!socket->is_absent && INTERNET_LOOK(socket->unread) > 0)
		count = net_protocol_receive(service, socket->number, from, receiving->piece, size);
	protocol_leave(count == -EIO);
	return count;
}

static int take(struct internet_socket *socket, uint64_t size)
{
	struct service *service = protocol_enter();
	long error = socket->is_absent ? 0 : net_protocol_take(service, socket->number, size);

	protocol_leave(true);
	return (int)error;
}

/* All that is there and wanted: what users did not get stays. With the reader mutex. */
static int take_arrived(struct transferring *receiving)
{
	bool is_peek = receiving->transfer->flags & MSG_PEEK;
	int error = 0;

	while (!error && receiving->transfer->data.left > 0) {
		long count =
		        look_at(receiving, is_peek ? receiving->done : 0, next_size(receiving));
		uint64_t copied;

		if (count <= 0)
			return (int)count;
		copied = socket_data_write(&receiving->transfer->data, receiving->piece,
		                           (uint64_t)count);
		if (!is_peek)
			error = take(receiving->socket, copied);
		receiving->done += copied;
		if (!error && copied < (uint64_t)count)
			error = -EFAULT;
	}
	return error;
}

/* Whether there is more than a look has seen; what is taken is there no more. */
static bool has_more(const struct transferring *receiving)
{
	uint64_t seen = receiving->transfer->flags & MSG_PEEK ? receiving->done : 0;

	return INTERNET_LOOK(receiving->socket->unread) > seen;
}

static bool may_receive(const struct transferring *receiving)
{
	const struct internet_socket *socket = receiving->socket;

	return has_more(receiving) || INTERNET_LOOK(socket->input_ended) ||
	       INTERNET_LOOK(socket->common.error) != 0 || internet_phase(socket) == INTERNET_FRESH;
}

/* Nothing is there: 0 to look again, 1 at the end, or what is wrong. */
static int wait_for_bytes(const struct transferring *receiving)
{
	struct internet_socket *socket = receiving->socket;
	enum internet_phase phase = internet_phase(socket);
	int error = receiving->done ? 0 : socket_take_error(&socket->common), wait;

	if (error)
		return error;
	if (phase == INTERNET_FRESH || phase == INTERNET_LISTENING)
		return -ENOTCONN;
	if (INTERNET_LOOK(socket->input_ended))
		return !has_more(receiving);
	if (receiving->done && INTERNET_LOOK(socket->common.error) != 0)
		return 1;
	if (receiving->timeout == 0)
		return -EAGAIN;
	wait = WAIT_UNTIL(&socket->common.queue, may_receive(receiving), WAIT_INTERRUPTIBLE,
	                  receiving->deadline);
	return wait < 0 ? socket_wait_error(wait, receiving->timeout) : 0;
}

/* How many bytes a receive waits for; one also when it wants none (Linux' sock_rcvlowat). */
static uint64_t wanted(const struct transferring *receiving)
{
	uint64_t size = receiving->transfer->data.left;
	uint64_t least = (uint64_t)receiving->socket->common.receive_least;

	if (least > size || receiving->transfer->flags & MSG_WAITALL)
		least = size;
	return least ? least : 1;
}

static int receive_all(struct transferring *receiving)
{
	struct internet_socket *socket = receiving->socket;
	uint64_t least = wanted(receiving);
	int result = 0;

	while (result == 0) {
		mutex_lock(&socket->reader);
		result = take_arrived(receiving);
		mutex_unlock(&socket->reader);
		if (result != 0 || receiving->done >= least)
			break;
		/* Who wants nothing waits until there is something. */
		if (receiving->transfer->data.left == 0 && INTERNET_LOOK(socket->unread) > 0)
			break;
		result = wait_for_bytes(receiving);
	}
	return result;
}

long internet_receive(struct socket *socket, struct socket_transfer *transfer)
{
	struct transferring receiving;
	int result;

	/* lwIP has no urgent data. */
	if (transfer->flags & MSG_OOB)
		return -EINVAL;
	result = begin(&receiving, socket, transfer, socket->receive_timeout);
	if (!result)
		result = receive_all(&receiving);
	heap_free(&core_heap, receiving.piece);
	transfer->flags &= MSG_CMSG_CLOEXEC;
	return receiving.done > 0 || result > 0 ? (long)receiving.done : result;
}
