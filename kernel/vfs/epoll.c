/* SPDX-License-Identifier: MIT
 *
 * epoll(7): a set of watches on the wait queues of files. Whoever wakes such a queue puts the
 * watch's item on its list's ready list; waiting means to look at the files on that one.
 *
 * Locking: registry, then an epoll's lock, guard its items and the items of a file; who waits
 * takes the lock alone. The ready lists, and which epoll watches which, are guarded by poll_lock
 * as well: it is taken inside the locks of the files' wait queues, and nests in none of its own
 * kind however deep epolls watch epolls.
 */
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/time/time.h>
#include <kernel/vfs/anonymous_file.h>
#include <kernel/vfs/epoll.h>
#include <kernel/vfs/epoll_items.h>

#define ALWAYS_WATCHED (POLLERR | POLLHUP)
/* How to tell, not what: these survive the one shot. */
#define MANNERS (EVENT_EDGE | EVENT_ONE_SHOT | EVENT_WAKE_UP | EVENT_EXCLUSIVE)
#define WITH_EXCLUSIVE_OK                                                                          \
	(EVENT_WAKE_UP | EVENT_EDGE | EVENT_EXCLUSIVE | POLLIN | POLLOUT | POLLERR | POLLHUP)

static struct mutex registry = MUTEX_INIT(registry);
static struct spinlock poll_lock = SPINLOCK_INIT(poll);

static const struct file_ops epoll_ops;

struct epoll *epoll_of(const struct file *file)
{
	return file->ops == &epoll_ops ? file->state : NULL;
}

/* ---- becoming ready ---- */

/* With poll_lock. Goes up through the epolls that watch this one: EPOLL_NESTS_MAX steps at most. */
static void make_ready(struct epoll_item *item, uint32_t events)
{
	struct epoll *epoll = item->epoll;
	struct list *node, *next;

	if (!(__atomic_load_n(&item->events, __ATOMIC_RELAXED) & ~MANNERS & events) ||
	    !list_empty(&item->ready))
		return;
	list_add_tail(&epoll->ready, &item->ready);
	wake_for(&epoll->queue, POLLIN | POLLRDNORM);
	list_for_each(node, next, &epoll->watchers)
	{
		make_ready(list_entry(node, struct epoll_item, watcher), POLLIN | POLLRDNORM);
	}
}

static void notify(struct waiter *watch, uint32_t events)
{
	unsigned long flags = spin_lock_irq(&poll_lock);

	make_ready(list_entry(watch, struct epoll_item, watch), events);
	spin_unlock_irq(&poll_lock, flags);
}

/* What holds of what the item asks for. */
static uint32_t look(const struct epoll_item *item)
{
	struct wait_queue *queue;

	return file_poll(item->file, &queue) & item->events & ~MANNERS;
}

static void look_anew(struct epoll_item *item)
{
	uint32_t found = look(item);
	unsigned long flags = spin_lock_irq(&poll_lock);

	if (found)
		make_ready(item, found);
	spin_unlock_irq(&poll_lock, flags);
}

/* ---- scanning the ready list ---- */

static struct epoll_item *take_ready(struct epoll *epoll)
{
	unsigned long flags = spin_lock_irq(&poll_lock);
	struct epoll_item *item = NULL;

	if (!list_empty(&epoll->ready)) {
		item = list_entry(epoll->ready.next, struct epoll_item, ready);
		list_remove(&item->ready);
	}
	spin_unlock_irq(&poll_lock, flags);
	return item;
}

/* Items that stay ready go behind those that became ready meanwhile: each has its turn. */
static void give_back(struct epoll *epoll, struct list *kept)
{
	unsigned long flags;
	struct list *node, *next;

	if (list_empty(kept))
		return;
	flags = spin_lock_irq(&poll_lock);
	list_for_each(node, next, kept)
	{
		list_remove(node);
		list_add_tail(&epoll->ready, node);
	}
	/* For threads that looked while they were away. An epoll that watches this one looks with
	 * the lock only. */
	wake_for(&epoll->queue, POLLIN | POLLRDNORM);
	spin_unlock_irq(&poll_lock, flags);
}

/* An item on the kept list counts as ready: news of it change nothing. */
static void keep(struct list *kept, struct epoll_item *item)
{
	unsigned long flags = spin_lock_irq(&poll_lock);

	list_remove(&item->ready); /* news came while we looked */
	list_add_tail(kept, &item->ready);
	spin_unlock_irq(&poll_lock, flags);
}

static long put_event(struct epoll_event __user *to, const struct epoll_item *item, uint32_t found)
{
	struct epoll_event event = {.events = found, .data = item->data};

	return copy_to_user(to, &event, sizeof(event));
}

/* Write up to `most` events: how many, or -EFAULT. With the epoll's lock. */
static long collect(struct epoll *epoll, struct epoll_event __user *events, uint32_t most)
{
	struct list kept = LIST_INIT(kept);
	uint32_t left = epoll->count;
	struct epoll_item *item;
	long count = 0;

	/* A file that goes on becoming ready does not hold us here. */
	while (count < most && left-- > 0 && (item = take_ready(epoll)) != NULL) {
		uint32_t found = look(item);

		if (!found)
			continue;
		if (put_event(&events[count], item, found)) {
			keep(&kept, item);
			count = count ? count : -EFAULT;
			break;
		}
		count++;
		if (item->events & EVENT_ONE_SHOT)
			__atomic_store_n(&item->events, item->events & MANNERS, __ATOMIC_RELAXED);
		else if (!(item->events & EVENT_EDGE))
			keep(&kept, item);
	}
	give_back(epoll, &kept);
	return count;
}

/* An epoll that is watched itself is readable while an item of it is ready; those that are no
 * longer are found out here. */
static uint32_t epoll_poll(struct file *file, struct wait_queue **queue)
{
	struct epoll *epoll = file->state;
	struct list kept = LIST_INIT(kept);
	struct epoll_item *item;
	uint32_t left;

	*queue = &epoll->queue;
	mutex_lock(&epoll->lock);
	left = epoll->count;
	while (left-- > 0 && (item = take_ready(epoll)) != NULL)
		if (look(item)) {
			keep(&kept, item);
			break;
		}
	left = !list_empty(&kept);
	give_back(epoll, &kept);
	mutex_unlock(&epoll->lock);
	return left ? POLLIN | POLLRDNORM : 0;
}

long epoll_wait_events(struct file *file, struct epoll_event __user *events, uint32_t most,
                       uint64_t deadline)
{
	struct epoll *epoll = epoll_of(file);
	long result;
	int error = 0;

	if (!epoll)
		return -EINVAL;
	for (;;) {
		mutex_lock(&epoll->lock);
		result = collect(epoll, events, most);
		mutex_unlock(&epoll->lock);
		if (result != 0 || error != 0 || deadline == 0)
			break;
		error = WAIT_UNTIL(&epoll->queue, !list_empty(&epoll->ready), WAIT_INTERRUPTIBLE,
		                   deadline);
	}
	return result == 0 && error == -EINTR ? -EINTR : result;
}

/* ---- the interest list ---- */

static struct list *bucket_of(struct epoll *epoll, const struct file *file, int descriptor)
{
	uint64_t key = ((uintptr_t)file >> 6) + (uint32_t)descriptor;

	return &epoll->items[key % EPOLL_BUCKETS];
}

static struct epoll_item *find(struct epoll *epoll, const struct file *file, int descriptor)
{
	struct list *bucket = bucket_of(epoll, file, descriptor), *node, *next;

	list_for_each(node, next, bucket)
	{
		struct epoll_item *item = list_entry(node, struct epoll_item, bucket);

		if (item->file == file && item->descriptor == descriptor)
			return item;
	}
	return NULL;
}

/* Hear of the file's wake-ups from here on. */
static void attach(struct epoll_item *item)
{
	struct epoll *watched = epoll_of(item->file);
	struct wait_queue *queue;
	unsigned long flags;

	if (watched) {
		flags = spin_lock_irq(&poll_lock);
		list_add_tail(&watched->watchers, &item->watcher);
		spin_unlock_irq(&poll_lock, flags);
		return;
	}
	(void)file_poll(item->file, &queue);
	item->watch.queue = NULL;
	if (queue)
		watch_begin(queue, &item->watch, notify);
}

/* Out of every list, and freed. With registry; with the epoll's lock unless nobody has it open. */
static void remove_item(struct epoll_item *item)
{
	unsigned long flags;

	if (item->watch.queue)
		watch_end(&item->watch);
	flags = spin_lock_irq(&poll_lock);
	list_remove(&item->watcher);
	list_remove(&item->ready);
	spin_unlock_irq(&poll_lock, flags);
	list_remove(&item->bucket);
	list_remove(&item->of_file);
	item->epoll->count--;
	heap_free(&core_heap, item);
}

static long add(struct epoll *epoll, struct file *target, int descriptor,
                const struct epoll_event *event)
{
	struct epoll_item *item = heap_alloc(&core_heap, sizeof(*item));

	if (!item)
		return -ENOMEM;
	list_init(&item->ready);
	list_init(&item->watcher);
	item->epoll = epoll;
	item->file = target;
	item->descriptor = descriptor;
	item->events = event->events | ALWAYS_WATCHED;
	item->data = event->data;
	list_add_tail(bucket_of(epoll, target, descriptor), &item->bucket);
	list_add_tail(&target->epoll_items, &item->of_file);
	__atomic_store_n(&target->watched, true, __ATOMIC_RELAXED);
	epoll->count++;
	attach(item);
	look_anew(item);
	return 0;
}

static void modify(struct epoll_item *item, const struct epoll_event *event)
{
	__atomic_store_n(&item->events, event->events | ALWAYS_WATCHED, __ATOMIC_SEQ_CST);
	item->data = event->data;
	look_anew(item);
}

/* epoll_ctl(2), EINVAL: what EPOLLEXCLUSIVE does not go with. */
static bool exclusive_is_wrong(int operation, const struct file *target,
                               const struct epoll_event *event)
{
	if (!event || !(event->events & EVENT_EXCLUSIVE))
		return false;
	return operation == EPOLL_CONTROL_MOD || epoll_of(target) ||
	       (event->events & ~WITH_EXCLUSIVE_OK);
}

static long control_locked(struct epoll *epoll, int operation, int descriptor, struct file *target,
                           const struct epoll_event *event)
{
	struct epoll_item *item = find(epoll, target, descriptor);

	switch (operation) {
	case EPOLL_CONTROL_ADD:
		return item ? -EEXIST : add(epoll, target, descriptor, event);
	case EPOLL_CONTROL_DEL:
		if (!item)
			return -ENOENT;
		remove_item(item);
		return 0;
	case EPOLL_CONTROL_MOD:
		if (!item)
			return -ENOENT;
		if (item->events & EVENT_EXCLUSIVE)
			return -EINVAL;
		modify(item, event);
		return 0;
	default:
		return -EINVAL;
	}
}

long epoll_control(struct file *file, int operation, int descriptor, struct file *target,
                   const struct epoll_event *event)
{
	struct epoll *epoll = epoll_of(file);
	long result = 0;

	/* Regular files and directories are always ready: they cannot be watched. */
	if (!target->ops->poll)
		return -EPERM;
	if (!epoll || file == target || exclusive_is_wrong(operation, target, event))
		return -EINVAL;
	mutex_lock(&registry);
	if (operation == EPOLL_CONTROL_ADD)
		result = epoll_check_nesting(epoll, target);
	if (!result) {
		mutex_lock(&epoll->lock);
		result = control_locked(epoll, operation, descriptor, target, event);
		mutex_unlock(&epoll->lock);
	}
	mutex_unlock(&registry);
	return result;
}

void epoll_forget(struct file *file)
{
	mutex_lock(&registry);
	while (!list_empty(&file->epoll_items)) {
		struct epoll_item *item =
		        list_entry(file->epoll_items.next, struct epoll_item, of_file);
		struct epoll *epoll = item->epoll;

		mutex_lock(&epoll->lock);
		remove_item(item);
		mutex_unlock(&epoll->lock);
	}
	mutex_unlock(&registry);
}

static void epoll_close(struct file *file)
{
	struct epoll *epoll = file->state;

	mutex_lock(&registry);
	for (unsigned int i = 0; i < EPOLL_BUCKETS; i++)
		while (!list_empty(&epoll->items[i]))
			remove_item(list_entry(epoll->items[i].next, struct epoll_item, bucket));
	mutex_unlock(&registry);
	heap_free(&core_heap, epoll);
}

static const struct file_ops epoll_ops = {
        .kind = "epoll",
        .poll = epoll_poll,
        .stat = anonymous_stat,
        .close = epoll_close,
};

long epoll_open(uint32_t flags)
{
	struct file *file = anonymous_create(&epoll_ops, sizeof(struct epoll), O_RDWR | flags,
	                                     "anon_inode:[eventpoll]");
	struct epoll *epoll;

	if (!file)
		return -ENOMEM;
	epoll = file->state;
	mutex_init(&epoll->lock);
	for (unsigned int i = 0; i < EPOLL_BUCKETS; i++)
		list_init(&epoll->items[i]);
	list_init(&epoll->ready);
	list_init(&epoll->watchers);
	wait_queue_init_inner(&epoll->queue, LOCK_RANK_poll_queue);
	return anonymous_install(file, flags);
}
