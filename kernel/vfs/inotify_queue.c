/* SPDX-License-Identifier: MIT
 *
 * A list of events. When it is full, or memory is, one event says so, which is made beforehand.
 */
#include <kernel/vfs/inotify_queue.h>

#include <asm/poll.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/vfs/inotify_limits.h>
#include <kernel/vfs/notify.h>

/* What is read follows in memory: struct inotify_event, then the name. */
struct inotify_queued {
	struct list link;
	uint64_t size;
};

static struct inotify_event *record_of(const struct inotify_queued *event)
{
	return (struct inotify_event *)(event + 1);
}

/* Names are padded, so that the next record is aligned (inotify(7)). */
static uint32_t padded(const char *name)
{
	uint32_t unit = sizeof(struct inotify_event);

	return name ? ((uint32_t)strlen(name) + unit) / unit * unit : 0;
}

static struct inotify_queued *make(int watch, uint32_t events, uint32_t cookie, const char *name)
{
	uint32_t room = padded(name);
	uint64_t size = sizeof(struct inotify_event) + room;
	struct inotify_queued *event = heap_alloc(&core_heap, sizeof(*event) + size);
	struct inotify_event *record;

	if (!event)
		return NULL;
	list_init(&event->link);
	event->size = size;
	record = record_of(event);
	record->wd = watch;
	record->mask = events;
	record->cookie = cookie;
	record->len = room;
	if (name)
		string_copy(record->name, name, room);
	return event;
}

/* Equal to the last one, which has not been read yet: one of them will do (inotify(7)). */
static bool is_repetition(const struct inotify_queue *queue, int watch, uint32_t events,
                          const char *name)
{
	const struct inotify_event *last;

	if (list_empty(&queue->events))
		return false;
	last = record_of(list_entry(queue->events.prev, struct inotify_queued, link));
	return !(last->mask & IN_IGNORED) && last->wd == watch && last->mask == events &&
	       last->len == padded(name) && (!name || strcmp(last->name, name) == 0);
}

static void append(struct inotify_queue *queue, struct inotify_queued *event)
        REQUIRES_LOCK(inotify_lock)
{
	list_add_tail(&queue->events, &event->link);
	__atomic_store_n(&queue->count, queue->count + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&queue->bytes, queue->bytes + (uint32_t)event->size, __ATOMIC_RELEASE);
}

static void take_out(struct inotify_queue *queue, struct inotify_queued *event)
        REQUIRES_LOCK(inotify_lock)
{
	list_remove(&event->link);
	__atomic_store_n(&queue->count, queue->count - 1, __ATOMIC_RELEASE);
	__atomic_store_n(&queue->bytes, queue->bytes - (uint32_t)event->size, __ATOMIC_RELEASE);
}

int inotify_queue_create(struct inotify_queue *queue)
{
	list_init(&queue->events);
	wait_queue_init(&queue->readers);
	queue->overflow = make(-1, IN_Q_OVERFLOW, 0, NULL);
	return queue->overflow ? 0 : -ENOMEM;
}

/* The one made beforehand stays, in the list or not. */
static void give_up(struct inotify_queue *queue, struct inotify_queued *event)
{
	if (event != queue->overflow)
		heap_free(&core_heap, event);
}

void inotify_queue_destroy(struct inotify_queue *queue)
{
	struct list *node, *scratch;

	list_for_each(node, scratch, &queue->events)
	{
		give_up(queue, list_entry(node, struct inotify_queued, link));
	}
	heap_free(&core_heap, queue->overflow);
}

void inotify_queue_add(struct inotify_queue *queue, int watch, uint32_t events, uint32_t cookie,
                       const char *name)
{
	struct inotify_queued *event = NULL;

	if (is_repetition(queue, watch, events, name))
		return;
	if (queue->count < INOTIFY_QUEUED_EVENTS_MAX)
		event = make(watch, events, cookie, name);
	if (!event && list_empty(&queue->overflow->link))
		event = queue->overflow;
	if (!event)
		return;
	append(queue, event);
	wake_for(&queue->readers, POLLIN | POLLRDNORM);
}

/* The oldest event if size bytes hold it: 1, 0 when there is none, -EINVAL. */
static int take(struct inotify_queue *queue, uint64_t size, struct inotify_queued **event)
{
	int result = 0;

	spin_lock(&inotify_lock);
	if (!list_empty(&queue->events)) {
		*event = list_entry(queue->events.next, struct inotify_queued, link);
		result = (*event)->size <= size ? 1 : -EINVAL;
	}
	if (result == 1)
		take_out(queue, *event);
	spin_unlock(&inotify_lock);
	return result;
}

long inotify_queue_read(struct inotify_queue *queue, void __user *buffer, uint64_t size)
{
	struct inotify_queued *event = NULL;
	long result = take(queue, size, &event);

	if (result <= 0)
		return result;
	result = (long)event->size;
	if (copy_to_user(buffer, record_of(event), event->size))
		result = -EFAULT;
	give_up(queue, event);
	return result;
}
