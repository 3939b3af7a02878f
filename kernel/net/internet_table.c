/* SPDX-License-Identifier: MIT
 *
 * The sockets by their numbers: what the service says of them, and what becomes of them when it
 * begins anew.
 */
#include <asm/poll.h>
#include <asm/socket.h>

#include <kernel/lib/errno.h>
#include <kernel/net/internet_socket.h>
#include <kernel/net_protocol/net_protocol_proxies.h>

static struct internet_socket *sockets[NET_SOCKETS_MAX] GUARDED_BY(protocol_lock);

bool internet_register(struct internet_socket *socket)
{
	for (uint32_t i = 0; i < NET_SOCKETS_MAX; i++) {
		if (sockets[i])
			continue;
		sockets[i] = socket;
		socket->number = i;
		return true;
	}
	return false;
}

void internet_unregister(struct internet_socket *socket)
{
	sockets[socket->number] = NULL;
}

uint32_t internet_options(const struct internet_socket *socket)
{
	uint32_t options = socket->no_delay ? NET_OPTION_NO_DELAY : 0;

	if (socket_has_switch(&socket->common, SO_REUSEADDR))
		options |= NET_OPTION_REUSE;
	if (socket_has_switch(&socket->common, SO_KEEPALIVE))
		options |= NET_OPTION_KEEPALIVE;
	return options;
}

int internet_open(struct service *service, struct internet_socket *socket)
{
	struct net_socket as = {
	        .type = (uint32_t)socket->common.type,
	        .options = internet_options(socket),
	        .local = socket->local,
	};
	long error;

	if (internet_phase(socket) == INTERNET_LISTENING)
		as.waiting_most = socket->waiting_most;
	error = net_protocol_open(service, socket->number, &as);
	socket->is_absent = error != 0;
	return (int)error;
}

static void end(struct internet_socket *socket)
{
	INTERNET_SET(socket->is_writable, false);
	INTERNET_SET(socket->input_ended, true);
	INTERNET_SET(socket->output_ended, true);
	INTERNET_SET(socket->phase, INTERNET_OVER);
}

static bool is_connection(const struct internet_socket *socket)
{
	enum internet_phase phase = internet_phase(socket);

	return phase == INTERNET_CONNECTING || phase == INTERNET_CONNECTED;
}

/* What had arrived on it is gone with the service; who waits hears of it. */
static void lose_one(struct internet_socket *socket)
{
	socket->is_absent = true;
	INTERNET_SET(socket->unread, 0);
	INTERNET_SET(socket->unsent, 0);
	if (internet_phase(socket) == INTERNET_OVER)
		return;
	INTERNET_SET(socket->common.error, EIO);
	if (is_connection(socket))
		end(socket);
	wake_all(&socket->common.queue);
}

static void lose(void) REQUIRES_LOCK(protocol_lock)
{
	for (uint32_t i = 0; i < NET_SOCKETS_MAX; i++)
		if (sockets[i] && !sockets[i]->is_absent)
			lose_one(sockets[i]);
}

/* Connections cannot go on; all others are made anew, and nobody who waits there notices. */
static void restore(struct service *service) REQUIRES_LOCK(protocol_lock)
{
	for (uint32_t i = 0; i < NET_SOCKETS_MAX; i++) {
		struct internet_socket *socket = sockets[i];

		if (!socket)
			continue;
		if (is_connection(socket) || internet_phase(socket) == INTERNET_OVER) {
			lose_one(socket);
			continue;
		}
		INTERNET_SET(socket->unread, 0);
		if (internet_open(service, socket))
			lose_one(socket);
	}
}

static void note(const struct net_protocol_news *news) REQUIRES_LOCK(protocol_lock)
{
	struct internet_socket *socket = sockets[news->socket];
	uint32_t before, gained;

	if (!socket || socket->is_absent)
		return;
	before = internet_poll(&socket->common);
	gained = news->unread > INTERNET_LOOK(socket->unread) ? POLLIN | POLLRDNORM : 0;
	INTERNET_SET(socket->unread, news->unread);
	INTERNET_SET(socket->unsent, news->unsent);
	INTERNET_SET(socket->is_writable, (news->state & NET_IS_WRITABLE) != 0);
	if (news->error)
		INTERNET_SET(socket->common.error, (int)news->error);
	if (news->state & NET_INPUT_ENDED)
		INTERNET_SET(socket->input_ended, true);
	if (news->state & NET_IS_OVER && is_connection(socket))
		end(socket);
	else if (news->state & NET_IS_CONNECTED && internet_phase(socket) == INTERNET_CONNECTING)
		INTERNET_SET(socket->phase, INTERNET_CONNECTED);
	gained |= internet_poll(&socket->common) & ~before;
	/* An end is news for whoever waits, for bytes as well. */
	if (gained & (POLLRDHUP | POLLHUP | POLLERR))
		wake_all(&socket->common.queue);
	else if (gained)
		wake_for(&socket->common.queue, gained);
}

const struct protocol_user internet_user = {
        .note = note,
        .restore = restore,
        .lose = lose,
};
