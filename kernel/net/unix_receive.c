/* SPDX-License-Identifier: MIT
 *
 * Receiving: taking what is there, and waiting for what is not.
 */
#include <asm/socket.h>

#include <kernel/lib/errno.h>
#include <kernel/net/unix_take.h>

static struct unix_receiving begin(struct socket *socket, struct socket_transfer *transfer)
{
	struct unix_receiving receiving = {
	        .socket = unix_socket_of(socket),
	        .transfer = transfer,
	        .timeout = transfer->flags & MSG_DONTWAIT ? 0 : socket->receive_timeout,
	        .is_peek = transfer->flags & MSG_PEEK,
	};

	receiving.deadline = receiving.timeout == 0 ? 0 : socket_deadline(receiving.timeout);
	return receiving;
}

static bool may_read(const struct unix_socket *socket)
{
	return __atomic_load_n(&socket->message_count, __ATOMIC_ACQUIRE) != 0 ||
	       unix_flag(&socket->input_ends) ||
	       __atomic_load_n(&socket->common.error, __ATOMIC_ACQUIRE) != 0;
}

/* Nothing is there: 0 to look again, 1 at the end, or what is wrong. */
static int wait_for_message(const struct unix_receiving *receiving, bool is_over_at_once)
{
	struct unix_socket *socket = receiving->socket;
	int error = socket_take_error(&socket->common), wait;

	if (error)
		return error;
	if (unix_flag(&socket->input_ends) && (is_over_at_once || receiving->timeout != 0))
		return __atomic_load_n(&socket->message_count, __ATOMIC_ACQUIRE) == 0;
	if (receiving->timeout == 0)
		return -EAGAIN;
	wait = WAIT_UNTIL(&socket->common.queue, may_read(socket), WAIT_INTERRUPTIBLE,
	                  receiving->deadline);
	return wait < 0 ? socket_wait_error(wait, receiving->timeout) : 0;
}

/* How many bytes a receive waits for; one also when it wants none (Linux' sock_rcvlowat). */
static uint64_t wanted(const struct unix_receiving *receiving)
{
	uint64_t size = receiving->transfer->data.left;
	uint64_t least = (uint64_t)receiving->socket->common.receive_least;

	if (least > size || (receiving->transfer->flags & MSG_WAITALL))
		least = size;
	return least ? least : 1;
}

long unix_receive_stream(struct socket *common, struct socket_transfer *transfer)
{
	struct unix_receiving receiving = begin(common, transfer);
	struct unix_socket *socket = receiving.socket;
	uint64_t least = wanted(&receiving);
	int result = 0;

	if (!unix_peer(socket))
		return -EINVAL;
	if (transfer->flags & MSG_OOB)
		return -EINVAL;
	while (result == 0) {
		mutex_lock(&socket->reader);
		result = unix_take_stream(&receiving);
		mutex_unlock(&socket->reader);
		if (result != 0 || receiving.done >= least ||
		    (receiving.is_peek && receiving.done > 0))
			break;
		result = wait_for_message(&receiving, true);
	}
	transfer->flags &= MSG_CMSG_CLOEXEC;
	return receiving.done > 0 || result > 0 ? (long)receiving.done : result;
}

/* ---- datagrams and sequences of packets ---- */

long unix_receive_packet(struct socket *common, struct socket_transfer *transfer)
{
	struct unix_receiving receiving = begin(common, transfer);
	struct unix_socket *socket = receiving.socket;
	bool is_sequence = !unix_is_datagram(socket);
	long result;
	int wait;

	if (transfer->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (is_sequence && !unix_peer(socket))
		return -ENOTCONN;
	result = socket_take_error(common);
	if (result)
		return result;
	for (;;) {
		mutex_lock(&socket->reader);
		result = unix_take_packet(&receiving);
		mutex_unlock(&socket->reader);
		if (result != -EAGAIN)
			break;
		wait = wait_for_message(&receiving, is_sequence);
		if (wait != 0) {
			transfer->flags &= MSG_CMSG_CLOEXEC;
			return wait < 0 ? wait : 0;
		}
	}
	return result < 0 ? result : (long)receiving.done;
}
