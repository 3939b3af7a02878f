/* SPDX-License-Identifier: MIT
 *
 * What a socket of AF_INET is from its making to its end, and what users may ask of it.
 */
#include <asm/poll.h>
#include <asm/socket.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/net/internet_socket.h>
#include <kernel/net_protocol/net_protocol_proxies.h>

#define LEVEL_TCP    6 /* IPPROTO_TCP, which is the protocol as well */
#define TCP_NODELAY  1
#define NOBODY       ((uint32_t)-1)
#define ADDRESS_SIZE sizeof(struct internet_address)

#define READABLE (POLLIN | POLLRDNORM)
#define WRITABLE (POLLOUT | POLLWRNORM)

void internet_close(struct socket *common)
{
	struct internet_socket *socket = internet_socket_of(common);
	struct service *service = protocol_enter();

	/* One that fell meanwhile has forgotten it. */
	if (!socket->is_absent)
		(void)net_protocol_close(service, socket->number, common->linger == 0);
	internet_unregister(socket);
	protocol_leave(!socket->is_absent);
	heap_free(&core_heap, socket);
}

void internet_configure(struct socket *common)
{
	struct internet_socket *socket = internet_socket_of(common);
	struct service *service = protocol_enter();

	/* One that does not know it now is told when it does. */
	if (!socket->is_absent)
		(void)net_protocol_configure(service, socket->number, internet_options(socket));
	protocol_leave(false);
}

/* ---- what users ask ---- */

static int get_name(struct socket *common, bool of_peer, struct socket_address *address)
{
	struct internet_socket *socket = internet_socket_of(common);
	struct internet_address *name = (struct internet_address *)address->bytes;
	struct net_name found;

	if (of_peer && internet_phase(socket) != INTERNET_CONNECTED)
		return -ENOTCONN;
	(void)protocol_enter();
	found = of_peer ? socket->remote : socket->local;
	protocol_leave(false);
	memset(name, 0, ADDRESS_SIZE);
	name->family = AF_INET;
	name->port = __builtin_bswap16((uint16_t)found.port);
	name->address = found.address;
	address->size = ADDRESS_SIZE;
	return 0;
}

static bool is_listening(struct socket *common)
{
	return internet_phase(internet_socket_of(common)) == INTERNET_LISTENING;
}

uint32_t internet_poll(struct socket *common)
{
	struct internet_socket *socket = internet_socket_of(common);
	enum internet_phase phase = internet_phase(socket);
	bool input_ended = INTERNET_LOOK(socket->input_ended);
	bool output_ended = INTERNET_LOOK(socket->output_ended);
	uint32_t found = INTERNET_LOOK(common->error) ? POLLERR : 0;

	if (INTERNET_LOOK(socket->unread) > 0)
		found |= READABLE;
	if (phase == INTERNET_LISTENING || phase == INTERNET_CONNECTING)
		return found;
	if (input_ended)
		found |= READABLE | POLLRDHUP;
	if (phase == INTERNET_FRESH || (input_ended && output_ended))
		found |= POLLHUP;
	if (phase == INTERNET_FRESH || output_ended || INTERNET_LOOK(socket->is_writable))
		found |= WRITABLE;
	return found;
}

static long count_unread(struct socket *common)
{
	return is_listening(common) ? -EINVAL
	                            : (long)INTERNET_LOOK(internet_socket_of(common)->unread);
}

static long count_unsent(struct socket *common)
{
	return is_listening(common) ? -EINVAL
	                            : (long)INTERNET_LOOK(internet_socket_of(common)->unsent);
}

/* Whose the other side is nobody can tell. */
static struct socket_credentials peer_credentials(struct socket *common)
{
	return (struct socket_credentials){0, NOBODY, NOBODY};
}

/* What has arrived lies with the service. */
static uint64_t pages(struct socket *common)
{
	return 0;
}

static int set_option(struct socket *common, int level, int option, const void *value,
                      uint32_t size)
{
	if (level != LEVEL_TCP || option != TCP_NODELAY)
		return -ENOPROTOOPT;
	if (size < sizeof(int))
		return -EINVAL;
	internet_socket_of(common)->no_delay = *(const int *)value != 0;
	internet_configure(common);
	return 0;
}

static long get_option(struct socket *common, int level, int option, void *value)
{
	if (level != LEVEL_TCP || option != TCP_NODELAY)
		return -ENOPROTOOPT;
	*(int *)value = internet_socket_of(common)->no_delay;
	return sizeof(int);
}

static const struct socket_operations stream_operations = {
        .bind = internet_bind,
        .connect = internet_connect,
        .listen = internet_listen,
        .accept = internet_accept,
        .name = get_name,
        .shutdown = internet_shut_down,
        .send = internet_send,
        .receive = internet_receive,
        .poll = internet_poll,
        .count_unread = count_unread,
        .count_unreceived = count_unsent,
        .is_listening = is_listening,
        .peer_credentials = peer_credentials,
        .pages = pages,
        .set_option = set_option,
        .get_option = get_option,
        .switched = internet_configure,
        .close = internet_close,
};

/* ---- the beginning ---- */

struct internet_socket *internet_create(void)
{
	struct internet_socket *socket = heap_alloc(&core_heap, sizeof(*socket));

	if (!socket)
		return NULL;
	socket_init(&socket->common, &internet_family, &stream_operations, SOCK_STREAM, LEVEL_TCP);
	mutex_init(&socket->reader);
	socket->is_absent = true;
	return socket;
}

static int create(int type, int protocol, struct socket **result)
{
	struct internet_socket *socket;
	struct service *service;
	bool is_registered;
	int error = -ENOBUFS;

	if (type != SOCK_STREAM)
		return -ESOCKTNOSUPPORT;
	if (protocol != 0 && protocol != LEVEL_TCP)
		return -EPROTONOSUPPORT;
	socket = internet_create();
	if (!socket)
		return -ENOBUFS;
	service = protocol_enter();
	is_registered = internet_register(socket);
	if (is_registered)
		error = internet_open(service, socket);
	if (is_registered && error)
		internet_unregister(socket);
	protocol_leave(error != 0);
	if (error)
		heap_free(&core_heap, socket);
	else
		*result = &socket->common;
	return error;
}

const struct socket_family internet_family = {
        .domain = AF_INET,
        .name = "TCP",
        .create = create,
};
