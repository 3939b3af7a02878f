/* SPDX-License-Identifier: MIT
 *
 * Connections: lwIP's TCP, by its calls back.
 */
#include <kernel/lib/errno.h>
#include <kernel/net/socket_abi.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <services/inet/socket.h>

#define BACKLOG_MOST 255u /* lwIP counts it in a byte */

static struct net_name name_of(const ip_addr_t *address, uint16_t port)
{
	return (struct net_name){ip4_addr_get_u32(ip_2_ip4(address)), port};
}

/* lwIP keeps the connection for as long as it takes, and we hear no more of it. */
static struct tcp_pcb *let_go(struct inet_socket *socket)
{
	struct tcp_pcb *tcp = socket->tcp;

	socket->tcp = NULL;
	tcp_arg(tcp, NULL);
	if (tcp->state == LISTEN) {
		tcp_accept(tcp, NULL);
		return tcp;
	}
	tcp_recv(tcp, NULL);
	tcp_sent(tcp, NULL);
	tcp_err(tcp, NULL);
	return tcp;
}

/* Both directions have ended: lwIP frees what it has of it without a word. */
static void end_if_over(struct inet_socket *socket)
{
	if (!socket->output_ended || !(socket->state & NET_INPUT_ENDED))
		return;
	if (socket->tcp)
		(void)let_go(socket);
	socket->state |= NET_IS_OVER;
}

/* ---- what lwIP says ---- */

static err_t on_received(void *argument, struct tcp_pcb *tcp, struct pbuf *packet, err_t error)
{
	struct inet_socket *socket = argument;

	(void)tcp;
	(void)error;
	if (packet) {
		if (!inet_ring_add(&socket->received, packet))
			return ERR_MEM; /* lwIP keeps it and offers it again */
		pbuf_free(packet);
	} else {
		socket->state |= NET_INPUT_ENDED;
		end_if_over(socket);
	}
	inet_socket_changed(socket);
	return ERR_OK;
}

static err_t on_sent(void *argument, struct tcp_pcb *tcp, u16_t size)
{
	(void)tcp;
	(void)size;
	inet_socket_changed(argument);
	return ERR_OK;
}

/* Where the other side has nobody, or wants no more. */
static int reset_errno(const struct inet_socket *socket)
{
	if (!(socket->state & NET_IS_CONNECTED))
		return ECONNREFUSED;
	return socket->state & NET_INPUT_ENDED ? EPIPE : ECONNRESET;
}

/* lwIP has freed it already. */
static void on_error(void *argument, err_t error)
{
	struct inet_socket *socket = argument;

	socket->tcp = NULL;
	if (error == ERR_RST)
		socket->error = (uint32_t)reset_errno(socket);
	else if (error != ERR_CLSD)
		socket->error = (uint32_t)-inet_errno(error);
	socket->state |= NET_IS_OVER;
	inet_socket_changed(socket);
}

static err_t on_connected(void *argument, struct tcp_pcb *tcp, err_t error)
{
	struct inet_socket *socket = argument;

	(void)tcp;
	(void)error;
	socket->state |= NET_IS_CONNECTED;
	inet_socket_changed(socket);
	return ERR_OK;
}

static void attach(struct inet_socket *socket, struct tcp_pcb *tcp)
{
	socket->tcp = tcp;
	tcp_arg(tcp, socket);
	tcp_recv(tcp, on_received);
	tcp_sent(tcp, on_sent);
	tcp_err(tcp, on_error);
}

/* A connection has come: it waits to be accepted. */
static err_t on_accept(void *argument, struct tcp_pcb *tcp, err_t error)
{
	struct inet_socket *listener = argument, *socket;

	if (error != ERR_OK || !tcp)
		return ERR_VAL;
	socket = inet_socket_create(&inet_stream);
	if (!socket)
		return ERR_MEM; /* lwIP ends it */
	tcp_backlog_delayed(tcp);
	attach(socket, tcp);
	socket->state = NET_IS_CONNECTED;
	socket->local = name_of(&tcp->local_ip, tcp->local_port);
	socket->remote = name_of(&tcp->remote_ip, tcp->remote_port);
	list_add_tail(&listener->waiting, &socket->waiting);
	listener->waiting_count++;
	inet_socket_changed(listener);
	return ERR_OK;
}

/* ---- what the core asks ---- */

static int open(struct inet_socket *socket)
{
	struct tcp_pcb *tcp = tcp_new();

	if (!tcp)
		return -ENOBUFS;
	attach(socket, tcp);
	return 0;
}

static int bind(struct inet_socket *socket, struct net_name *name)
{
	ip_addr_t address = inet_address(name->address);
	int error;

	if (!socket->tcp || socket->tcp->state != CLOSED || socket->tcp->local_port)
		return -EINVAL;
	if (!inet_is_own_address(name->address))
		return -EADDRNOTAVAIL;
	error = inet_errno(tcp_bind(socket->tcp, &address, (u16_t)name->port));
	if (!error)
		name->port = socket->tcp->local_port;
	return error;
}

static int listen(struct inet_socket *socket, uint32_t waiting_most)
{
	uint8_t most = (uint8_t)(waiting_most < BACKLOG_MOST ? waiting_most : BACKLOG_MOST);
	struct net_name any = {0, 0};
	struct tcp_pcb *tcp;
	err_t failure;
	int error = 0;

	if (!socket->tcp)
		return -EINVAL;
	if (socket->tcp->state == LISTEN) {
		tcp_backlog_set(socket->tcp, most);
		return 0;
	}
	if (!socket->tcp->local_port) {
		error = bind(socket, &any);
		socket->local = any;
	}
	if (error)
		return error;
	tcp = tcp_listen_with_backlog_and_err(socket->tcp, most, &failure);
	if (!tcp)
		return inet_errno(failure);
	socket->tcp = tcp;
	tcp_arg(tcp, socket);
	tcp_accept(tcp, on_accept);
	return 0;
}

static int connect(struct inet_socket *socket, const struct net_name *to)
{
	/* The machine itself, as Linux takes it. */
	ip_addr_t address = inet_address(to->address ? to->address : PP_HTONL(IPADDR_LOOPBACK));
	int error;

	if (!socket->tcp)
		return -EINVAL;
	error = inet_errno(tcp_connect(socket->tcp, &address, (u16_t)to->port, on_connected));
	if (!error)
		socket->local = name_of(&socket->tcp->local_ip, socket->tcp->local_port);
	return error;
}

static struct inet_socket *accept(struct inet_socket *listener)
{
	struct inet_socket *socket;

	if (list_empty(&listener->waiting))
		return NULL;
	socket = list_entry(listener->waiting.next, struct inet_socket, waiting);
	list_remove(&socket->waiting);
	listener->waiting_count--;
	if (socket->tcp)
		tcp_backlog_accepted(socket->tcp);
	inet_socket_changed(listener);
	return socket;
}

static long send(struct inet_socket *socket, const void *bytes, uint64_t size)
{
	uint64_t done = 0;
	err_t error = ERR_OK;

	if (!socket->tcp || socket->output_ended || !(socket->state & NET_IS_CONNECTED))
		return -EPIPE;
	while (done < size) {
		uint64_t room = tcp_sndbuf(socket->tcp);
		uint64_t piece = size - done < room ? size - done : room;

		if (piece == 0)
			break;
		error = tcp_write(socket->tcp, (const char *)bytes + done, (u16_t)piece,
		                  TCP_WRITE_FLAG_COPY);
		if (error != ERR_OK)
			break;
		done += piece;
	}
	socket->no_memory = error == ERR_MEM;
	/* What it could not send it sends later. */
	(void)tcp_output(socket->tcp);
	inet_socket_changed(socket);
	return done ? (long)done : -EAGAIN;
}

static long receive(struct inet_socket *socket, uint64_t from, void *bytes, uint64_t size)
{
	return inet_ring_copy(&socket->received, from, bytes, size);
}

/* What is taken may be sent anew by the other side. Who waits with more until this is acknowledged
 * (Nagle) need not wait for the timer, when all is taken. */
static int take(struct inet_socket *socket, uint64_t size)
{
	uint32_t left = inet_ring_take(&socket->received, size);

	while (left > 0 && socket->tcp) {
		uint16_t piece = (uint16_t)(left < UINT16_MAX ? left : UINT16_MAX);

		tcp_recved(socket->tcp, piece);
		left -= piece;
	}
	if (socket->tcp && socket->received.count == 0 &&
	    tcp_is_flag_set(socket->tcp, TF_ACK_DELAY)) {
		tcp_ack_now(socket->tcp);
		(void)tcp_output(socket->tcp);
	}
	inet_socket_changed(socket);
	return 0;
}

static void set_option(struct tcp_pcb *tcp, uint8_t option, bool on)
{
	if (on)
		ip_set_option(tcp, option);
	else
		ip_reset_option(tcp, option);
}

static void configure(struct inet_socket *socket, uint32_t options)
{
	struct tcp_pcb *tcp = socket->tcp;

	if (!tcp)
		return;
	set_option(tcp, SOF_REUSEADDR, options & NET_OPTION_REUSE);
	set_option(tcp, SOF_KEEPALIVE, options & NET_OPTION_KEEPALIVE);
	/* What listens has no place for it. */
	if (tcp->state == LISTEN)
		return;
	if (options & NET_OPTION_NO_DELAY)
		tcp_nagle_disable(tcp);
	else
		tcp_nagle_enable(tcp);
}

static int end_output(struct inet_socket *socket)
{
	int error;

	if (!socket->tcp)
		return -ENOTCONN;
	error = inet_errno(tcp_shutdown(socket->tcp, 0, 1));
	if (error)
		return error;
	socket->output_ended = true;
	end_if_over(socket);
	inet_socket_changed(socket);
	return 0;
}

/* What nobody accepted ends with who listened. */
static void close(struct inet_socket *socket, bool reset)
{
	struct list *node, *next;

	list_for_each(node, next, &socket->waiting)
	{
		struct inet_socket *waiting = list_entry(node, struct inet_socket, waiting);

		list_remove(node);
		if (waiting->tcp)
			tcp_abort(let_go(waiting));
		inet_socket_destroy(waiting);
	}
	if (socket->tcp) {
		struct tcp_pcb *tcp = let_go(socket);

		if (tcp->state != LISTEN && (reset || socket->received.count > 0))
			tcp_abort(tcp);
		else if (tcp_close(tcp) != ERR_OK)
			tcp_abort(tcp);
	}
	inet_socket_destroy(socket);
}

static bool has_room(const struct inet_socket *socket)
{
	const struct tcp_pcb *tcp = socket->tcp;

	return socket->state & NET_IS_CONNECTED && !socket->output_ended && !socket->no_memory &&
	       tcp_sndbuf(tcp) >= TCP_SNDLOWAT && tcp_sndqueuelen(tcp) < TCP_SNDQUEUELOWAT;
}

static void look(struct inet_socket *socket, struct net_protocol_news *news)
{
	const struct tcp_pcb *tcp = socket->tcp;

	news->unread = socket->received.count;
	if (!tcp)
		return;
	if (tcp->state == LISTEN) {
		news->unread = socket->waiting_count;
		return;
	}
	if (has_room(socket))
		news->state |= NET_IS_WRITABLE;
	news->unsent = TCP_SND_BUF - tcp->snd_buf;
}

const struct inet_type inet_stream = {
        .number = SOCK_STREAM,
        .open = open,
        .bind = bind,
        .listen = listen,
        .connect = connect,
        .accept = accept,
        .send = send,
        .receive = receive,
        .take = take,
        .configure = configure,
        .end_output = end_output,
        .close = close,
        .look = look,
};
