/* SPDX-License-Identifier: MIT
 *
 * Files that travel with messages (SCM_RIGHTS). Of a user's, no more do than the sender may have
 * descriptors.
 *
 * Sockets may travel to each other, so that at last only messages refer to them which nobody can
 * receive. They are found as Linux did it up to 6.8: a candidate is one that has no reference but
 * from messages. Of each, those references are taken off that messages in other candidates account
 * for; if any is left the socket can be got at, and so can all in its messages. Of those that are
 * not reached the messages go, and the sockets with them.
 *
 * Why that is safe against those who send and receive meanwhile: no count of messages changes while
 * `flight` is held, a receiver has the file in hand until it has told so here, and a message that
 * was taken from its socket since accounts for nothing: each of these finds too little that can go,
 * never too much.
 */
#include <asm/resource.h>
#include <linux/capability.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/net/unix_socket.h>
#include <kernel/proc/process.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/file.h>

/* A user whose files travel. */
struct traveller {
	struct list link;
	uint32_t user;
	uint64_t files;
};

static struct spinlock flight = SPINLOCK_INIT(socket_flight);
static struct list flying GUARDED_BY(flight) = LIST_INIT(flying); /* sockets */
static struct list travellers GUARDED_BY(flight) = LIST_INIT(travellers);

static struct unix_socket *socket_in(const struct file *file)
{
	struct socket *socket = socket_of(file);

	return socket && socket->family == &unix_family ? unix_socket_of(socket) : NULL;
}

/* ---- counting ---- */

static struct traveller *find_traveller(uint32_t user) REQUIRES_LOCK(flight)
{
	struct list *node, *next;

	list_for_each(node, next, &travellers)
	{
		struct traveller *traveller = list_entry(node, struct traveller, link);

		if (traveller->user == user)
			return traveller;
	}
	return NULL;
}

/* The user's entry, made of spare if there is none yet, which is NULL then. */
static struct traveller *get_traveller(uint32_t user, struct traveller **spare)
        REQUIRES_LOCK(flight)
{
	struct traveller *traveller = find_traveller(user);

	if (!traveller) {
		traveller = *spare;
		*spare = NULL;
		traveller->user = user;
		list_add_tail(&travellers, &traveller->link);
	}
	return traveller;
}

static void take_off(struct unix_socket *socket) REQUIRES_LOCK(flight)
{
	if (!socket)
		return;
	if (socket->in_flight++ == 0) {
		list_add_tail(&flying, &socket->flying);
		file_table_attend_closes(1);
	}
}

static void land(struct unix_socket *socket) REQUIRES_LOCK(flight)
{
	if (!socket)
		return;
	if (--socket->in_flight == 0) {
		list_remove(&socket->flying);
		socket->is_candidate = false;
		file_table_attend_closes(-1);
	}
}

int unix_flight_begin(const struct socket_files *files, uint32_t *user)
{
	bool is_free = process_is_capable(CAP_SYS_RESOURCE) || process_is_capable(CAP_SYS_ADMIN);
	uint64_t most = is_free ? UINT64_MAX : resource_limit(RLIMIT_NOFILE);
	struct traveller *spare, *traveller;
	int error = 0;

	if (!files)
		return 0;
	spare = heap_alloc(&core_heap, sizeof(*spare));
	if (!spare)
		return -ENOMEM;
	*user = current_process()->credentials.user.real;
	spin_lock(&flight);
	traveller = get_traveller(*user, &spare);
	/* As Linux: the last one that is allowed may be more than one. */
	if (traveller->files > most) {
		error = -ETOOMANYREFS;
	} else {
		traveller->files += files->count;
		for (uint32_t i = 0; i < files->count; i++)
			take_off(socket_in(files->files[i]));
	}
	spin_unlock(&flight);
	heap_free(&core_heap, spare);
	return error;
}

void unix_flight_end(const struct socket_files *files, uint32_t user)
{
	struct traveller *traveller, *gone = NULL;

	if (!files)
		return;
	spin_lock(&flight);
	traveller = find_traveller(user);
	traveller->files -= files->count;
	if (traveller->files == 0) {
		list_remove(&traveller->link);
		gone = traveller;
	}
	for (uint32_t i = 0; i < files->count; i++)
		land(socket_in(files->files[i]));
	spin_unlock(&flight);
	heap_free(&core_heap, gone);
}

bool unix_is_in_flight(const struct file *file)
{
	const struct unix_socket *socket = socket_in(file);

	return socket && __atomic_load_n(&socket->in_flight, __ATOMIC_RELAXED) != 0;
}

/* ---- collecting ---- */

/* Call visit for each socket that travels with a message of this one. */
static void visit_messages(struct unix_socket *socket, void (*visit)(struct unix_socket *found))
{
	struct list *node, *next;

	spin_lock(&socket->lock);
	list_for_each(node, next, &socket->messages)
	{
		const struct unix_message *message = list_entry(node, struct unix_message, link);
		const struct socket_files *files = message->control.files;

		for (uint32_t i = 0; files && i < files->count; i++) {
			struct unix_socket *found = socket_in(files->files[i]);

			if (found && found->is_candidate)
				visit(found);
		}
	}
	spin_unlock(&socket->lock);
}

/* And of those that wait in its backlog. */
static void visit_all(struct unix_socket *socket, void (*visit)(struct unix_socket *found))
{
	struct list *node, *next;

	visit_messages(socket, visit);
	spin_lock(&socket->backlog_lock);
	if (socket->listening) {
		list_for_each(node, next, &socket->backlog)
		{
			visit_messages(list_entry(node, struct unix_socket, backlog), visit);
		}
	}
	spin_unlock(&socket->backlog_lock);
}

static void explain(struct unix_socket *found)
{
	found->unexplained--;
}

static struct list reached GUARDED_BY(flight) = LIST_INIT(reached);

static void reach(struct unix_socket *found) REQUIRES_LOCK(flight)
{
	found->is_candidate = false;
	list_add_tail(&reached, &found->reached);
}

static void choose_candidates(void) REQUIRES_LOCK(flight)
{
	struct list *node, *next;

	list_for_each(node, next, &flying)
	{
		struct unix_socket *socket = list_entry(node, struct unix_socket, flying);
		const struct file *file = socket->common.file;

		socket->unexplained = socket->in_flight;
		socket->is_candidate =
		        __atomic_load_n(&file->references, __ATOMIC_ACQUIRE) == socket->in_flight;
	}
	list_for_each(node, next, &flying)
	{
		struct unix_socket *socket = list_entry(node, struct unix_socket, flying);

		if (socket->is_candidate)
			visit_all(socket, explain);
	}
}

static void reach_all(void) REQUIRES_LOCK(flight)
{
	struct list *node, *next;

	list_for_each(node, next, &flying)
	{
		struct unix_socket *socket = list_entry(node, struct unix_socket, flying);

		if (socket->is_candidate && socket->unexplained > 0)
			reach(socket);
	}
	while (!list_empty(&reached)) {
		struct unix_socket *socket = list_entry(reached.next, struct unix_socket, reached);

		list_remove(&socket->reached);
		visit_all(socket, reach);
	}
}

/* The messages with files of one that nobody can get at. */
static void take_messages(struct unix_socket *socket, struct list *messages)
{
	struct list *node, *next;

	spin_lock(&socket->lock);
	list_for_each(node, next, &socket->messages)
	{
		struct unix_message *message = list_entry(node, struct unix_message, link);

		if (!message->control.files)
			continue;
		unix_message_remove(socket, message);
		list_add_tail(messages, node);
	}
	spin_unlock(&socket->lock);
}

static void take_all(struct unix_socket *socket, struct list *messages)
{
	struct list *node, *next;

	take_messages(socket, messages);
	spin_lock(&socket->backlog_lock);
	if (socket->listening) {
		list_for_each(node, next, &socket->backlog)
		{
			take_messages(list_entry(node, struct unix_socket, backlog), messages);
		}
	}
	spin_unlock(&socket->backlog_lock);
}

void unix_collect(void)
{
	struct list messages = LIST_INIT(messages), *node, *next;

	spin_lock(&flight);
	if (!list_empty(&flying)) {
		choose_candidates();
		reach_all();
		list_for_each(node, next, &flying)
		{
			struct unix_socket *socket = list_entry(node, struct unix_socket, flying);

			if (socket->is_candidate)
				take_all(socket, &messages);
		}
	}
	spin_unlock(&flight);
	unix_messages_destroy(&messages);
}
