/* SPDX-License-Identifier: MIT
 *
 * Messages on their way from one socket to another: in memory that is charged to the sender until
 * they are received.
 */
#include <asm/poll.h>

#include <arch/page.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/net/unix_socket.h>
#include <kernel/proc/thread.h>

#define OBJECT_MOST 2048u /* as large as objects of the heap get that share a page */
#define HERE_MOST   (OBJECT_MOST - sizeof(struct unix_message))

/* A part of a long message: a page. */
struct piece {
	struct list link;
	char bytes[PAGE_SIZE - sizeof(struct list)];
};

#define PIECE_MOST sizeof(((struct piece *)0)->bytes)

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Memory of a message with room for so many bytes; what the heap rounds up is not counted. */
static uint64_t memory_for(uint64_t size, uint64_t here)
{
	return sizeof(struct unix_message) + here +
	       (size - here + PIECE_MOST - 1) / PIECE_MOST * sizeof(struct piece);
}

static void free_pieces(struct unix_message *message)
{
	struct list *node, *next;

	list_for_each(node, next, &message->pieces)
	{
		heap_free(&core_heap, list_entry(node, struct piece, link));
	}
	heap_free(&core_heap, message);
}

static struct unix_message *allocate(uint64_t size)
{
	uint64_t here = smaller(size, HERE_MOST);
	struct unix_message *message = heap_alloc(&core_heap, sizeof(*message) + here);

	if (!message)
		return NULL;
	list_init(&message->pieces);
	message->size = size;
	message->size_here = (uint32_t)here;
	message->held = memory_for(size, here);
	for (uint64_t left = size - here; left > 0; left -= smaller(left, PIECE_MOST)) {
		struct piece *piece = heap_alloc(&core_heap, sizeof(*piece));

		if (!piece) {
			free_pieces(message);
			return NULL;
		}
		list_add_tail(&message->pieces, &piece->link);
	}
	return message;
}

/* The user's bytes: all, or -EFAULT. */
static int fill(struct unix_message *message, struct socket_data *from)
{
	uint64_t left = message->size - message->size_here, step;
	struct list *node, *next;

	if (socket_data_read(from, message->bytes, message->size_here) < message->size_here)
		return -EFAULT;
	list_for_each(node, next, &message->pieces)
	{
		step = smaller(left, PIECE_MOST);
		if (socket_data_read(from, list_entry(node, struct piece, link)->bytes, step) <
		    step)
			return -EFAULT;
		left -= step;
	}
	return 0;
}

/* What is charged, and the files, come on their way with it. */
static int send_off(struct unix_message *message, struct socket_transfer *transfer)
{
	int error;

	if (!unix_take_memory(message->held))
		return -ENOBUFS;
	error = unix_flight_begin(transfer->control.files, &message->user);
	if (error) {
		unix_give_memory(message->held);
		return error;
	}
	message->control = transfer->control;
	transfer->control.files = NULL;
	return 0;
}

struct unix_message *unix_message_create(struct unix_socket *sender,
                                         struct socket_transfer *transfer, uint64_t size,
                                         int *error)
{
	struct unix_message *message = allocate(size);

	*error = -ENOMEM;
	if (!message)
		return NULL;
	*error = fill(message, &transfer->data);
	if (!*error)
		*error = send_off(message, transfer);
	if (*error) {
		free_pieces(message);
		return NULL;
	}
	message->sender = unix_hold(sender);
	__atomic_add_fetch(&sender->sent, message->held, __ATOMIC_RELAXED);
	return message;
}

/* The sender has room again: it is woken when it has as much as poll(2) wants. */
static void give_back(struct unix_message *message)
{
	struct unix_socket *sender = message->sender;
	bool was_writable = unix_is_writable(sender);

	__atomic_sub_fetch(&sender->sent, message->held, __ATOMIC_RELAXED);
	unix_give_memory(message->held);
	if (!was_writable && unix_is_writable(sender))
		wake_for(&sender->common.queue, POLLOUT | POLLWRNORM | POLLWRBAND);
	unix_put(sender);
}

static void destroy(struct unix_message *message)
{
	unix_flight_end(message->control.files, message->user);
	socket_files_put(message->control.files);
	give_back(message);
	free_pieces(message);
}

/* A file that is closed with a message may be a socket with messages that have files: those wait
 * for the first one to be gone, so that no chain of them, however long, needs a deep stack. */
void unix_messages_destroy(struct list *messages)
{
	struct thread *self = current_thread();
	struct list *node, *next;

	if (list_empty(messages))
		return;
	if (self->closing) {
		list_for_each(node, next, messages)
		{
			list_remove(node);
			list_add_tail(self->closing, node);
		}
		return;
	}
	self->closing = messages;
	while (!list_empty(messages)) {
		node = messages->next;
		list_remove(node);
		destroy(list_entry(node, struct unix_message, link));
	}
	self->closing = NULL;
}

void unix_message_destroy(struct unix_message *message)
{
	struct list one = LIST_INIT(one);

	if (!message)
		return;
	list_add_tail(&one, &message->link);
	unix_messages_destroy(&one);
}

uint64_t unix_message_copy(const struct unix_message *message, uint64_t from, uint64_t size,
                           struct socket_data *to)
{
	uint64_t done = 0, step, copied, base = message->size_here;
	struct list *node = message->pieces.next;

	if (from < base) {
		step = smaller(size, base - from);
		done = socket_data_write(to, message->bytes + from, step);
		if (done < step)
			return done;
	}
	for (; done < size; node = node->next, base += PIECE_MOST) {
		const struct piece *piece = list_entry(node, struct piece, link);
		uint64_t at = from + done - base;

		if (at >= PIECE_MOST)
			continue;
		step = smaller(size - done, PIECE_MOST - at);
		copied = socket_data_write(to, piece->bytes + at, step);
		done += copied;
		if (copied < step)
			break;
	}
	return done;
}

void unix_message_append(struct unix_socket *receiver, struct unix_message *message)
{
	list_add_tail(&receiver->messages, &message->link);
	__atomic_add_fetch(&receiver->unread, message->size, __ATOMIC_RELAXED);
	__atomic_add_fetch(&receiver->held, message->held, __ATOMIC_RELAXED);
	__atomic_add_fetch(&receiver->message_count, 1, __ATOMIC_RELEASE);
}

void unix_message_remove(struct unix_socket *receiver, struct unix_message *message)
{
	list_remove(&message->link);
	__atomic_sub_fetch(&receiver->unread, message->size - message->taken, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&receiver->held, message->held, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&receiver->message_count, 1, __ATOMIC_RELEASE);
}
