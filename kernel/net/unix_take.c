/* SPDX-License-Identifier: MIT */
#include <asm/poll.h>
#include <asm/socket.h>

#include <kernel/lib/errno.h>
#include <kernel/net/unix_take.h>

#define NOBODY 65534u /* who a message is from that does not say it (kernel.overflowuid) */

/* The message behind one (NULL: the first), or NULL. */
static struct unix_message *next_message(struct unix_socket *socket, struct unix_message *message)
{
	struct list *node;

	spin_lock(&socket->lock);
	node = message ? message->link.next : socket->messages.next;
	message = node == &socket->messages ? NULL : list_entry(node, struct unix_message, link);
	spin_unlock(&socket->lock);
	return message;
}

/* Senders that wait for a place among its messages, and those who poll(2) for one. */
static void wake_senders(struct unix_socket *socket)
{
	const uint32_t events = POLLOUT | POLLWRNORM | POLLWRBAND;
	struct list *node, *next;

	wake_for(&socket->common.queue, events);
	spin_lock(&socket->lock);
	list_for_each(node, next, &socket->callers)
	{
		wake_for(&list_entry(node, struct unix_socket, called)->common.queue, events);
	}
	spin_unlock(&socket->lock);
}

/* A message is received, and no longer there. */
static void take_away(struct unix_socket *socket, struct unix_message *message)
{
	bool was_full = unix_is_datagram(socket) && unix_is_full(socket);

	spin_lock(&socket->lock);
	unix_message_remove(socket, message);
	spin_unlock(&socket->lock);
	unix_message_destroy(message);
	if (was_full)
		wake_senders(socket);
}

/* Who a message is from, as the receiver is told. */
static struct socket_credentials sender_of(const struct unix_message *message)
{
	return message->control.has_credentials ? message->control.credentials
	                                        : (struct socket_credentials){0, NOBODY, NOBODY};
}

/* What travels beside the bytes, from here on the receiver's; a peek has it too: 0 or -ENOMEM. */
static int take_control(const struct unix_receiving *receiving, struct unix_message *message)
{
	struct socket_control *to = &receiving->transfer->control;
	struct socket_files *files = message->control.files;

	if (socket_has_switch(&receiving->socket->common, SO_PASSCRED)) {
		to->has_credentials = true;
		to->credentials = sender_of(message);
	}
	if (!files)
		return 0;
	if (receiving->is_peek) {
		to->files = socket_files_copy(files);
		return to->files ? 0 : -ENOMEM;
	}
	unix_flight_end(files, message->user);
	message->control.files = NULL;
	to->files = files;
	return 0;
}

static void take_address(struct unix_receiving *receiving, const struct unix_message *message)
{
	struct socket_address *address = receiving->transfer->address;

	if (!receiving->has_sender && address) {
		unix_copy_name(message->sender, address);
		if (address->size == UNIX_PATH_AT)
			address->size = 0;
	}
	receiving->has_sender = true;
}

/* ---- streams ---- */

/* Whether a message's bytes may follow those that were taken, in the same receive. */
static bool may_follow(const struct unix_receiving *receiving, const struct unix_message *message)
{
	const struct socket_control *taken = &receiving->transfer->control;
	struct socket_credentials sender = sender_of(message);

	return !taken->has_credentials ||
	       (sender.process == taken->credentials.process &&
	        sender.user == taken->credentials.user && sender.group == taken->credentials.group);
}

/* Bytes of one message: 1 when it is used up, 0, -EFAULT or -ENOMEM. */
static int take_bytes(struct unix_receiving *receiving, struct unix_message *message)
{
	struct socket_data *data = &receiving->transfer->data;
	uint64_t there = message->size - message->taken;
	uint64_t size = there < data->left ? there : data->left;
	int error;

	if (unix_message_copy(message, message->taken, size, data) < size)
		return -EFAULT;
	take_address(receiving, message);
	error = take_control(receiving, message);
	if (error)
		return error;
	receiving->done += size;
	if (!receiving->is_peek) {
		message->taken += size;
		__atomic_sub_fetch(&receiving->socket->unread, size, __ATOMIC_RELAXED);
	}
	return size == there;
}

int unix_take_stream(struct unix_receiving *receiving)
{
	struct unix_socket *socket = receiving->socket;
	struct unix_message *message = next_message(socket, NULL), *next;

	for (; message; message = next) {
		bool has_files = message->control.files;
		int used_up;

		if (!may_follow(receiving, message))
			return 1;
		used_up = take_bytes(receiving, message);
		if (used_up < 0)
			return used_up;
		next = next_message(socket, message);
		if (used_up && !receiving->is_peek)
			take_away(socket, message);
		if (has_files || receiving->transfer->data.left == 0)
			return 1;
	}
	return 0;
}

/* ---- datagrams and sequences of packets ---- */

long unix_take_packet(struct unix_receiving *receiving)
{
	struct unix_socket *socket = receiving->socket;
	struct socket_transfer *transfer = receiving->transfer;
	struct unix_message *message = next_message(socket, NULL);
	uint64_t size, length;
	bool is_whole;
	int error;

	if (!message)
		return -EAGAIN;
	length = message->size;
	size = length < transfer->data.left ? length : transfer->data.left;
	is_whole = unix_message_copy(message, 0, size, &transfer->data) == size;
	take_address(receiving, message);
	error = is_whole ? take_control(receiving, message) : -EFAULT;
	if (!receiving->is_peek && error != -ENOMEM)
		take_away(socket, message);
	if (error)
		return error;
	receiving->done = transfer->flags & MSG_TRUNC ? length : size;
	transfer->flags = (transfer->flags & MSG_CMSG_CLOEXEC) | (size < length ? MSG_TRUNC : 0);
	return 0;
}
