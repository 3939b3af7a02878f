/* SPDX-License-Identifier: MIT
 *
 * What a socket of AF_UNIX is from its making to its end, and what users may ask of it.
 */
#include <asm/poll.h>
#include <linux/stat.h>

#include <arch/page.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/net/unix_socket.h>
#include <kernel/proc/process.h>

#define MEMORY_SHARE 4 /* one part in so many of the machine's */
#define OVERFLOW_ID  ((uint32_t)-1)

#define READABLE (POLLIN | POLLRDNORM)
#define WRITABLE (POLLOUT | POLLWRNORM | POLLWRBAND)

static uint64_t memory; /* atomic */

bool unix_take_memory(uint64_t size)
{
	uint64_t most = page_count_total() * PAGE_SIZE / MEMORY_SHARE;

	if (__atomic_add_fetch(&memory, size, __ATOMIC_RELAXED) <= most)
		return true;
	unix_give_memory(size);
	return false;
}

void unix_give_memory(uint64_t size)
{
	__atomic_sub_fetch(&memory, size, __ATOMIC_RELAXED);
}

struct socket_credentials unix_own_credentials(void)
{
	const struct process *process = current_process();

	return (struct socket_credentials){
	        .process = process->id,
	        .user = process->credentials.user.effective,
	        .group = process->credentials.group.effective,
	};
}

struct unix_socket *unix_hold(struct unix_socket *socket)
{
	__atomic_fetch_add(&socket->references, 1, __ATOMIC_RELAXED);
	return socket;
}

static void put_name(struct unix_name *name)
{
	if (name && __atomic_sub_fetch(&name->references, 1, __ATOMIC_ACQ_REL) == 0)
		heap_free(&core_heap, name);
}

/* The name stays as long as anyone may ask for the peer's. */
void unix_put(struct unix_socket *socket)
{
	if (!socket || __atomic_sub_fetch(&socket->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	put_name(socket->name);
	heap_free(&core_heap, socket);
	unix_give_memory(sizeof(*socket));
}

struct unix_socket *unix_hold_peer(struct unix_socket *socket)
{
	struct unix_socket *peer;

	spin_lock(&socket->lock);
	peer = socket->peer ? unix_hold(socket->peer) : NULL;
	spin_unlock(&socket->lock);
	return peer;
}

/* ---- the end ---- */

/* The peer of a connection hears that it is over: of what it sent and nobody received, or of a
 * connection that nobody accepted, as of a failure. */
static void end_connection(struct unix_socket *socket, bool is_cut)
{
	struct unix_socket *peer = __atomic_exchange_n(&socket->peer, NULL, __ATOMIC_ACQ_REL);

	if (!peer)
		return;
	spin_lock(&peer->lock);
	unix_set_flag(&peer->input_ends);
	unix_set_flag(&peer->output_ends);
	spin_unlock(&peer->lock);
	if (is_cut)
		__atomic_store_n(&peer->common.error, ECONNRESET, __ATOMIC_RELEASE);
	wake_all(&peer->common.queue);
	unix_put(peer);
}

static void close(struct unix_socket *socket, bool was_accepted);

/* Connections that nobody accepted. */
static void end_backlog(struct unix_socket *socket)
{
	struct list waiting = LIST_INIT(waiting), *node, *next;

	spin_lock(&socket->backlog_lock);
	socket->listening = false;
	list_for_each(node, next, &socket->backlog)
	{
		list_remove(node);
		list_add_tail(&waiting, node);
	}
	socket->waiting = 0;
	spin_unlock(&socket->backlog_lock);
	wake_all(&socket->common.queue);
	list_for_each(node, next, &waiting)
	{
		list_remove(node);
		close(list_entry(node, struct unix_socket, backlog), false);
	}
}

/* Those who send here find out when they try. */
static void end_callers(struct unix_socket *socket)
{
	struct list *node, *next;

	spin_lock(&socket->lock);
	list_for_each(node, next, &socket->callers)
	{
		list_remove(node);
		wake_all(&list_entry(node, struct unix_socket, called)->common.queue);
	}
	spin_unlock(&socket->lock);
}

static void close(struct unix_socket *socket, bool was_accepted)
{
	struct list messages = LIST_INIT(messages), *node, *next;
	bool unread;

	unix_unregister(socket);
	spin_lock(&socket->lock);
	unix_set_flag(&socket->closed);
	unix_set_flag(&socket->input_ends);
	unix_set_flag(&socket->output_ends);
	unread = !list_empty(&socket->messages);
	list_for_each(node, next, &socket->messages)
	{
		unix_message_remove(socket, list_entry(node, struct unix_message, link));
		list_add_tail(&messages, node);
	}
	spin_unlock(&socket->lock);
	if (unix_is_datagram(socket)) {
		unix_set_peer(socket, NULL);
		end_callers(socket);
		wake_all(&socket->common.queue);
	} else {
		end_connection(socket, unread || !was_accepted);
		end_backlog(socket);
	}
	unix_messages_destroy(&messages);
	unix_put(socket);
}

static void close_socket(struct socket *socket)
{
	close(unix_socket_of(socket), true);
	unix_collect();
}

/* ---- what users ask ---- */

static int get_name(struct socket *common, bool of_peer, struct socket_address *address)
{
	struct unix_socket *socket = unix_socket_of(common), *peer;

	if (!of_peer) {
		unix_copy_name(socket, address);
		return 0;
	}
	peer = unix_hold_peer(socket);
	if (!peer)
		return -ENOTCONN;
	unix_copy_name(peer, address);
	unix_put(peer);
	return 0;
}

static void end_directions(struct unix_socket *socket, bool input, bool output)
{
	spin_lock(&socket->lock);
	if (input)
		unix_set_flag(&socket->input_ends);
	if (output)
		unix_set_flag(&socket->output_ends);
	spin_unlock(&socket->lock);
	wake_all(&socket->common.queue);
}

static int shut_down(struct socket *common, int how)
{
	struct unix_socket *socket = unix_socket_of(common), *peer = unix_peer(socket);
	bool input = how != SHUT_WR, output = how != SHUT_RD;

	end_directions(socket, input, output);
	if (peer && !unix_is_datagram(socket))
		end_directions(peer, output, input);
	return 0;
}

static bool is_listening(struct socket *common)
{
	return unix_flag(&unix_socket_of(common)->listening);
}

/* What a connection is not, or no more, is hung up. */
static uint32_t poll_ends(struct unix_socket *socket)
{
	bool input_ends = unix_flag(&socket->input_ends);
	uint32_t found = 0;

	if (__atomic_load_n(&socket->common.error, __ATOMIC_ACQUIRE) != 0)
		found |= POLLERR;
	if (input_ends)
		found |= POLLRDHUP | READABLE;
	if (input_ends && unix_flag(&socket->output_ends))
		found |= POLLHUP;
	if (!unix_is_datagram(socket) && !unix_peer(socket) && !unix_flag(&socket->listening))
		found |= POLLHUP;
	return found;
}

/* A datagram's sender is held up by its receiver, too. */
static bool peer_has_room(struct unix_socket *socket)
{
	struct unix_socket *peer = unix_hold_peer(socket);
	bool room = true;

	if (peer) {
		spin_lock(&peer->lock);
		room = peer->peer == socket || !unix_is_full(peer);
		spin_unlock(&peer->lock);
	}
	unix_put(peer);
	return room;
}

static uint32_t poll_socket(struct socket *common)
{
	struct unix_socket *socket = unix_socket_of(common);
	uint32_t found = poll_ends(socket);

	if (unix_flag(&socket->listening))
		return found | (__atomic_load_n(&socket->waiting, __ATOMIC_ACQUIRE) ? READABLE : 0);
	if (__atomic_load_n(&socket->message_count, __ATOMIC_ACQUIRE) != 0)
		found |= READABLE;
	if (unix_is_writable(socket) && (!unix_is_datagram(socket) || peer_has_room(socket)))
		found |= WRITABLE;
	return found;
}

static long count_unread(struct socket *common)
{
	struct unix_socket *socket = unix_socket_of(common);
	long count = 0;

	if (unix_flag(&socket->listening))
		return -EINVAL;
	if (socket->common.type == SOCK_STREAM)
		return (long)__atomic_load_n(&socket->unread, __ATOMIC_RELAXED);
	spin_lock(&socket->lock);
	if (!list_empty(&socket->messages))
		count = (long)list_entry(socket->messages.next, struct unix_message, link)->size;
	spin_unlock(&socket->lock);
	return count;
}

static long count_unreceived(struct socket *common)
{
	return (long)__atomic_load_n(&unix_socket_of(common)->sent, __ATOMIC_RELAXED);
}

static struct socket_credentials peer_credentials(struct socket *common)
{
	return unix_socket_of(common)->of_peer;
}

static uint64_t pages(struct socket *common)
{
	return __atomic_load_n(&unix_socket_of(common)->held, __ATOMIC_RELAXED) / PAGE_SIZE;
}

static int no_listen(struct socket *socket, uint32_t waiting_most)
{
	return -EOPNOTSUPP;
}

static int no_accept(struct socket *socket, bool nonblocking, struct socket **accepted)
{
	return -EOPNOTSUPP;
}

#define ALIKE                                                                                      \
	.bind = unix_bind, .connect = unix_connect, .name = get_name, .shutdown = shut_down,       \
	.poll = poll_socket, .count_unread = count_unread, .count_unreceived = count_unreceived,   \
	.is_listening = is_listening, .peer_credentials = peer_credentials, .pages = pages,        \
	.close = close_socket

static const struct socket_operations stream_operations = {
        ALIKE,
        .listen = unix_listen,
        .accept = unix_accept,
        .send = unix_send_stream,
        .receive = unix_receive_stream,
};

static const struct socket_operations sequence_operations = {
        ALIKE,
        .listen = unix_listen,
        .accept = unix_accept,
        .send = unix_send_packet,
        .receive = unix_receive_packet,
};

static const struct socket_operations datagram_operations = {
        ALIKE,
        .listen = no_listen,
        .accept = no_accept,
        .send = unix_send_packet,
        .receive = unix_receive_packet,
};

static const struct socket_operations *operations_of(int type)
{
	return type == SOCK_STREAM      ? &stream_operations
	       : type == SOCK_SEQPACKET ? &sequence_operations
	                                : &datagram_operations;
}

/* ---- the beginning ---- */

static struct unix_socket *allocate(int *error)
{
	struct unix_socket *socket;

	*error = -ENOBUFS;
	if (!unix_take_memory(sizeof(*socket)))
		return NULL;
	socket = heap_alloc(&core_heap, sizeof(*socket));
	*error = -ENOMEM;
	if (!socket)
		unix_give_memory(sizeof(*socket));
	return socket;
}

struct unix_socket *unix_create(int type, int *error)
{
	struct unix_socket *socket = allocate(error);

	if (!socket)
		return NULL;
	socket_init(&socket->common, &unix_family, operations_of(type), type, 0);
	socket->references = 1;
	mutex_init(&socket->control);
	mutex_init(&socket->reader);
	spin_init(&socket->backlog_lock, LOCK_RANK_socket_backlog);
	spin_init(&socket->lock, LOCK_RANK_socket);
	list_init(&socket->backlog);
	list_init(&socket->messages);
	list_init(&socket->callers);
	list_init(&socket->called);
	list_init(&socket->named);
	list_init(&socket->flying);
	list_init(&socket->reached);
	socket->of_peer = (struct socket_credentials){0, OVERFLOW_ID, OVERFLOW_ID};
	unix_register(socket);
	return socket;
}

static int create(int type, int protocol, struct socket **result)
{
	struct unix_socket *socket;
	int error;

	if (protocol != 0 && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	/* As on BSD, says Linux. */
	if (type == SOCK_RAW)
		type = SOCK_DGRAM;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
		return -ESOCKTNOSUPPORT;
	socket = unix_create(type, &error);
	if (!socket)
		return error;
	*result = &socket->common;
	return 0;
}

const struct socket_family unix_family = {
        .domain = AF_UNIX,
        .name = "UNIX",
        .create = create,
        .pair = unix_pair,
};
