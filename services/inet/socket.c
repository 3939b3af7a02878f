/* SPDX-License-Identifier: MIT
 *
 * The sockets by their numbers, the operations on them, and what the core is told.
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/errno.h>
#include <lwip/netif.h>
#include <services/inet/inet.h>
#include <services/inet/socket.h>

static const struct inet_type *const types[] = {&inet_stream};

static struct inet_socket *sockets[NET_SOCKETS_MAX];
static struct list changed = LIST_INIT(changed);
static bool some_had_no_memory;

static const struct inet_type *find_type(uint32_t number)
{
	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i]->number == number)
			return types[i];
	return NULL;
}

static struct inet_socket *find(uint64_t number)
{
	return number < NET_SOCKETS_MAX ? sockets[number] : NULL;
}

struct inet_socket *inet_socket_create(const struct inet_type *type)
{
	struct inet_socket *socket = core_alloc(sizeof(*socket));

	if (!socket)
		return NULL;
	socket->type = type;
	socket->number = INET_UNNUMBERED;
	list_init(&socket->changed);
	list_init(&socket->waiting);
	return socket;
}

void inet_socket_destroy(struct inet_socket *socket)
{
	if (socket->number != INET_UNNUMBERED)
		sockets[socket->number] = NULL;
	list_remove(&socket->changed);
	inet_ring_destroy(&socket->received);
	core_free(socket);
}

/* ---- what the core is told ---- */

void inet_socket_changed(struct inet_socket *socket)
{
	if (socket->number != INET_UNNUMBERED && list_empty(&socket->changed))
		list_add_tail(&changed, &socket->changed);
	if (socket->no_memory)
		some_had_no_memory = true;
}

void inet_sockets_retry(void)
{
	if (!some_had_no_memory)
		return;
	some_had_no_memory = false;
	for (uint32_t i = 0; i < NET_SOCKETS_MAX; i++) {
		if (!sockets[i] || !sockets[i]->no_memory)
			continue;
		sockets[i]->no_memory = false;
		inet_socket_changed(sockets[i]);
	}
}

bool inet_sockets_tell(struct net_protocol_state *state)
{
	while (!list_empty(&changed) && state->count < NET_NEWS_MAX) {
		struct inet_socket *socket = list_entry(changed.next, struct inet_socket, changed);
		struct net_protocol_news *news = &state->news[state->count++];

		news->socket = socket->number;
		news->state = socket->state;
		news->error = socket->error;
		socket->type->look(socket, news);
		socket->error = 0;
		list_remove(&socket->changed);
	}
	return !list_empty(&changed);
}

/* ---- for the types ---- */

bool inet_is_own_address(uint32_t address)
{
	struct netif *netif;

	if (address == IPADDR_ANY)
		return true;
	for (netif = netif_list; netif; netif = netif->next)
		if (ip4_addr_get_u32(netif_ip4_addr(netif)) == address)
			return true;
	return false;
}

int inet_errno(err_t error)
{
	switch (error) {
	case ERR_OK:
		return 0;
	case ERR_MEM:
		return -ENOBUFS;
	case ERR_BUF:
		return -EADDRNOTAVAIL; /* of ports: none is free */
	case ERR_RTE:
		return -ENETUNREACH;
	case ERR_USE:
		return -EADDRINUSE;
	case ERR_ABRT:
		return -ETIMEDOUT; /* it was lwIP that gave up */
	case ERR_RST:
		return -ECONNRESET;
	case ERR_CONN:
		return -ENOTCONN;
	case ERR_ISCONN:
		return -EISCONN;
	default:
		return -EINVAL;
	}
}

/* ---- the operations ---- */

/* As the core says that it is to be; what is done of it so far is undone by who asked. */
static int make_ready(struct inet_socket *socket, const struct net_socket *as)
{
	int error = 0;

	socket->local = as->local;
	socket->type->configure(socket, as->options);
	if (as->local.port)
		error = socket->type->bind(socket, &socket->local);
	if (!error && as->waiting_most)
		error = socket->type->listen(socket, as->waiting_most);
	return error;
}

long inet_open(uint64_t number, const struct net_socket *as)
{
	const struct inet_type *type = find_type(as->type);
	struct inet_socket *socket;
	int error;

	if (!type || number >= NET_SOCKETS_MAX || sockets[number])
		return -EINVAL;
	socket = inet_socket_create(type);
	if (!socket)
		return -ENOBUFS;
	socket->number = (uint32_t)number;
	sockets[number] = socket;
	error = type->open(socket);
	if (!error)
		error = make_ready(socket, as);
	if (error)
		type->close(socket, true);
	else
		inet_socket_changed(socket);
	return error;
}

long inet_bind(uint64_t number, struct net_name *name)
{
	struct inet_socket *socket = find(number);
	int error = socket ? socket->type->bind(socket, name) : -EINVAL;

	if (!error)
		socket->local = *name;
	return error;
}

long inet_listen(uint64_t number, uint64_t waiting_most, struct net_name *local)
{
	struct inet_socket *socket = find(number);
	int error = socket ? socket->type->listen(socket, (uint32_t)waiting_most) : -EINVAL;

	if (!error)
		*local = socket->local;
	return error;
}

long inet_connect(uint64_t number, const struct net_name *to, struct net_name *local)
{
	struct inet_socket *socket = find(number);
	int error = socket ? socket->type->connect(socket, to) : -EINVAL;

	if (!error)
		*local = socket->local;
	return error;
}

long inet_accept(uint64_t listener_number, uint64_t number, struct net_names *names)
{
	struct inet_socket *listener = find(listener_number), *accepted;

	if (!listener || number >= NET_SOCKETS_MAX || sockets[number])
		return -EINVAL;
	accepted = listener->type->accept(listener);
	if (!accepted)
		return -EAGAIN;
	accepted->number = (uint32_t)number;
	sockets[number] = accepted;
	names->local = accepted->local;
	names->remote = accepted->remote;
	inet_socket_changed(accepted);
	return 0;
}

long inet_send(uint64_t number, const void *bytes, uint64_t size)
{
	struct inet_socket *socket = find(number);

	return socket ? socket->type->send(socket, bytes, size) : -EINVAL;
}

long inet_receive(uint64_t number, uint64_t from, void *bytes, uint64_t size)
{
	struct inet_socket *socket = find(number);

	return socket ? socket->type->receive(socket, from, bytes, size) : -EINVAL;
}

long inet_take(uint64_t number, uint64_t size)
{
	struct inet_socket *socket = find(number);

	return socket ? socket->type->take(socket, size) : -EINVAL;
}

long inet_configure(uint64_t number, uint64_t options)
{
	struct inet_socket *socket = find(number);

	if (!socket)
		return -EINVAL;
	socket->type->configure(socket, (uint32_t)options);
	return 0;
}

long inet_end_output(uint64_t number)
{
	struct inet_socket *socket = find(number);

	return socket ? socket->type->end_output(socket) : -EINVAL;
}

long inet_close(uint64_t number, uint64_t reset)
{
	struct inet_socket *socket = find(number);

	if (!socket)
		return -EINVAL;
	socket->type->close(socket, reset != 0);
	return 0;
}
