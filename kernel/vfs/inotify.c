/* SPDX-License-Identifier: MIT
 *
 * One lock guards all watches and what they have to tell: they are few, and without any nobody
 * takes it.
 */
#include <kernel/vfs/inotify.h>

#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/anonymous_file.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/vnode.h>

#define BUCKETS  256u
#define READABLE (POLLIN | POLLRDNORM)
/* What of a mask stays with the watch. */
#define KEPT (IN_ALL_EVENTS | IN_EXCL_UNLINK | (uint32_t)IN_ONESHOT)

/* What its user has, whatever the process. */
struct user {
	struct list link;
	uint32_t id, instances, watches;
};

struct inotify {
	struct list watches;
	struct list events;     /* the oldest first */
	uint32_t queued;        /* of them; atomic for those who only look */
	uint32_t bytes;         /* that reading them gives; the same */
	int last;               /* number that a watch got */
	struct event *overflow; /* in the list, or kept for when events are lost */
	struct user *user;
	struct wait_queue queue;
};

struct watch {
	struct list bucket, link;
	struct inotify *inotify;
	const struct service *service;
	uint64_t object;
	uint32_t mask;
	int number;
};

/* What is read follows in memory: struct inotify_event, then the name. */
struct event {
	struct list link;
	uint64_t size;
};

static struct spinlock lock = SPINLOCK_INIT(notify);
static struct list buckets[BUCKETS] GUARDED_BY(lock);
static struct list users GUARDED_BY(lock) = LIST_INIT(users);
static bool ready GUARDED_BY(lock);

uint32_t notify_watches;

static void take_lock(void) ACQUIRES_LOCK(lock)
{
	spin_lock(&lock);
	if (ready)
		return;
	for (unsigned int i = 0; i < BUCKETS; i++)
		list_init(&buckets[i]);
	ready = true;
}

static struct list *bucket_of(const struct service *service, uint64_t object) REQUIRES_LOCK(lock)
{
	uint64_t key = object * 0x9e3779b97f4a7c15UL + service->owner;

	return &buckets[(key >> 32) % BUCKETS];
}

/* ---- events ---- */

static struct inotify_event *record_of(const struct event *event)
{
	return (struct inotify_event *)(event + 1);
}

/* Names are padded, so that the next record is aligned (inotify(7)). */
static uint32_t padded(const char *name)
{
	uint32_t unit = sizeof(struct inotify_event);

	return name ? ((uint32_t)strlen(name) + unit) / unit * unit : 0;
}

static struct event *make_event(int watch, uint32_t events, uint32_t cookie, const char *name)
{
	uint32_t room = padded(name);
	uint64_t size = sizeof(struct inotify_event) + room;
	struct event *event = heap_alloc(&core_heap, sizeof(*event) + size);
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
static bool is_repetition(const struct inotify *inotify, int watch, uint32_t events,
                          const char *name)
{
	const struct inotify_event *last;

	if (list_empty(&inotify->events))
		return false;
	last = record_of(list_entry(inotify->events.prev, struct event, link));
	return !(last->mask & IN_IGNORED) && last->wd == watch && last->mask == events &&
	       last->len == padded(name) && (!name || strcmp(last->name, name) == 0);
}

static void append(struct inotify *inotify, struct event *event) REQUIRES_LOCK(lock)
{
	list_add_tail(&inotify->events, &event->link);
	__atomic_store_n(&inotify->queued, inotify->queued + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&inotify->bytes, inotify->bytes + (uint32_t)event->size, __ATOMIC_RELEASE);
}

static void take_out(struct inotify *inotify, struct event *event) REQUIRES_LOCK(lock)
{
	list_remove(&event->link);
	__atomic_store_n(&inotify->queued, inotify->queued - 1, __ATOMIC_RELEASE);
	__atomic_store_n(&inotify->bytes, inotify->bytes - (uint32_t)event->size, __ATOMIC_RELEASE);
}

static void queue_event(const struct watch *watch, uint32_t events, uint32_t cookie,
                        const char *name) REQUIRES_LOCK(lock)
{
	struct inotify *inotify = watch->inotify;
	struct event *event = NULL;

	if (is_repetition(inotify, watch->number, events, name))
		return;
	if (inotify->queued < INOTIFY_QUEUED_EVENTS_MAX)
		event = make_event(watch->number, events, cookie, name);
	if (!event && list_empty(&inotify->overflow->link))
		event = inotify->overflow;
	if (!event)
		return;
	append(inotify, event);
	wake_for(&inotify->queue, READABLE);
}

/* ---- watches ---- */

/* The watch is no more, and says so. */
static void end_watch(struct watch *watch) REQUIRES_LOCK(lock)
{
	queue_event(watch, IN_IGNORED, 0, NULL);
	watch->inotify->user->watches--;
	__atomic_fetch_sub(&notify_watches, 1, __ATOMIC_RELAXED);
	list_remove(&watch->bucket);
	list_remove(&watch->link);
	heap_free(&core_heap, watch);
}

/* What of an occurrence a watch is told; 0: nothing. */
static uint32_t wanted_of(const struct watch *watch, const struct inotify_occurrence *occurrence)
{
	uint32_t events = occurrence->events;

	if (watch->service != occurrence->service || watch->object != occurrence->object ||
	    !(watch->mask & events & IN_ALL_EVENTS) ||
	    (occurrence->removed && (watch->mask & IN_EXCL_UNLINK)))
		return 0;
	/* Linux never said so. */
	return events & (IN_DELETE_SELF | IN_MOVE_SELF) ? events & ~(uint32_t)IN_ISDIR : events;
}

void inotify_tell(const struct inotify_occurrence *occurrence)
{
	struct list *bucket, *node, *scratch;

	take_lock();
	bucket = bucket_of(occurrence->service, occurrence->object);
	list_for_each(node, scratch, bucket)
	{
		struct watch *watch = list_entry(node, struct watch, bucket);
		uint32_t events = wanted_of(watch, occurrence);

		if (!events)
			continue;
		queue_event(watch, events, occurrence->cookie, occurrence->name);
		if (watch->mask & IN_ONESHOT)
			end_watch(watch);
	}
	spin_unlock(&lock);
}

bool inotify_is_wanted(const struct service *service, uint64_t object, uint32_t events)
{
	const struct inotify_occurrence occurrence = {
	        .service = service, .object = object, .events = events};
	struct list *bucket, *node, *scratch;
	bool wanted = false;

	take_lock();
	bucket = bucket_of(service, object);
	list_for_each(node, scratch, bucket)
	{
		wanted |= wanted_of(list_entry(node, struct watch, bucket), &occurrence) != 0;
	}
	spin_unlock(&lock);
	return wanted;
}

void inotify_forget(const struct service *service, uint64_t object)
{
	const struct inotify_occurrence end = {
	        .service = service, .object = object, .events = IN_DELETE_SELF};
	struct list *bucket, *node, *scratch;

	inotify_tell(&end);
	take_lock();
	bucket = bucket_of(service, object);
	list_for_each(node, scratch, bucket)
	{
		struct watch *watch = list_entry(node, struct watch, bucket);

		if (watch->service == service && watch->object == object)
			end_watch(watch);
	}
	spin_unlock(&lock);
}

static struct watch *find_watch(const struct inotify *inotify, const struct vnode *vnode)
        REQUIRES_LOCK(lock)
{
	struct list *bucket = bucket_of(vnode->service, vnode->object), *node, *scratch;

	list_for_each(node, scratch, bucket)
	{
		struct watch *watch = list_entry(node, struct watch, bucket);

		if (watch->inotify == inotify && watch->service == vnode->service &&
		    watch->object == vnode->object)
			return watch;
	}
	return NULL;
}

static long change_watch(struct watch *watch, uint32_t mask) REQUIRES_LOCK(lock)
{
	if (mask & IN_MASK_CREATE)
		return -EEXIST;
	watch->mask = (mask & KEPT) | (mask & IN_MASK_ADD ? watch->mask : 0);
	return watch->number;
}

static long enter_watch(struct inotify *inotify, const struct vnode *vnode, uint32_t mask)
        REQUIRES_LOCK(lock)
{
	struct watch *watch;

	if (inotify->user->watches >= INOTIFY_WATCHES_MAX || inotify->last == INT32_MAX)
		return -ENOSPC;
	watch = heap_alloc(&core_heap, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	watch->inotify = inotify;
	watch->service = vnode->service;
	watch->object = vnode->object;
	watch->mask = mask & KEPT;
	watch->number = ++inotify->last;
	list_add_tail(bucket_of(vnode->service, vnode->object), &watch->bucket);
	list_add_tail(&inotify->watches, &watch->link);
	inotify->user->watches++;
	__atomic_fetch_add(&notify_watches, 1, __ATOMIC_RELAXED);
	return watch->number;
}

long inotify_add(struct file *file, const struct vnode *vnode, uint32_t mask)
{
	struct watch *watch;
	long result;

	take_lock();
	watch = find_watch(file->state, vnode);
	result = watch ? change_watch(watch, mask) : enter_watch(file->state, vnode, mask);
	spin_unlock(&lock);
	return result;
}

long inotify_remove(struct file *file, int number)
{
	struct inotify *inotify = file->state;
	struct list *node, *scratch;
	long result = -EINVAL;

	take_lock();
	list_for_each(node, scratch, &inotify->watches)
	{
		struct watch *watch = list_entry(node, struct watch, link);

		if (watch->number != number)
			continue;
		end_watch(watch);
		result = 0;
		break;
	}
	spin_unlock(&lock);
	return result;
}

/* ---- the open file ---- */

/* The oldest event if size bytes hold it: 1, 0 when there is none, -EINVAL. */
static int take_event(struct inotify *inotify, uint64_t size, struct event **event)
{
	int result = 0;

	take_lock();
	if (!list_empty(&inotify->events)) {
		*event = list_entry(inotify->events.next, struct event, link);
		result = (*event)->size <= size ? 1 : -EINVAL;
	}
	if (result == 1)
		take_out(inotify, *event);
	spin_unlock(&lock);
	return result;
}

/* One event to the user: its bytes, 0 when there is none, -EINVAL, -EFAULT. */
static long put_event(struct inotify *inotify, void __user *buffer, uint64_t size)
{
	struct event *event = NULL;
	long result = take_event(inotify, size, &event);

	if (result <= 0)
		return result;
	result = (long)event->size;
	if (copy_to_user(buffer, record_of(event), event->size))
		result = -EFAULT;
	if (event != inotify->overflow)
		heap_free(&core_heap, event);
	return result;
}

static long inotify_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct inotify *inotify = file->state;
	char __user *to = buffer;
	uint64_t done = 0;
	long result;

	for (;;) {
		result = put_event(inotify, to + done, size - done);
		if (result > 0)
			done += (uint64_t)result;
		if (result == -EFAULT)
			return result;
		if (result > 0)
			continue;
		if (done > 0 || result < 0)
			break;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&inotify->queue,
		               __atomic_load_n(&inotify->queued, __ATOMIC_ACQUIRE) != 0,
		               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
	return done ? (long)done : result;
}

static uint32_t inotify_poll(struct file *file, struct wait_queue **queue)
{
	struct inotify *inotify = file->state;

	*queue = &inotify->queue;
	return __atomic_load_n(&inotify->queued, __ATOMIC_ACQUIRE) ? READABLE : 0;
}

static long inotify_ioctl(struct file *file, unsigned int command, uint64_t argument)
{
	const struct inotify *inotify = file->state;
	int bytes = (int)__atomic_load_n(&inotify->bytes, __ATOMIC_ACQUIRE);

	if (command != FIONREAD)
		return -ENOTTY;
	return copy_to_user((void __user *)argument, &bytes, sizeof(bytes));
}

static void give_back_user(struct user *user) REQUIRES_LOCK(lock)
{
	if (--user->instances > 0)
		return;
	list_remove(&user->link);
	heap_free(&core_heap, user);
}

static void inotify_close(struct file *file)
{
	struct inotify *inotify = file->state;
	struct list *node, *scratch;

	take_lock();
	list_for_each(node, scratch, &inotify->watches)
	{
		end_watch(list_entry(node, struct watch, link));
	}
	list_for_each(node, scratch, &inotify->events)
	{
		struct event *event = list_entry(node, struct event, link);

		if (event != inotify->overflow)
			heap_free(&core_heap, event);
	}
	if (inotify->user)
		give_back_user(inotify->user);
	spin_unlock(&lock);
	heap_free(&core_heap, inotify->overflow);
	heap_free(&core_heap, inotify);
}

static const struct file_ops inotify_ops = {
        .kind = "inotify",
        .read = inotify_read,
        .ioctl = inotify_ioctl,
        .poll = inotify_poll,
        .stat = anonymous_stat,
        .close = inotify_close,
};

bool file_is_inotify(const struct file *file)
{
	return file->ops == &inotify_ops;
}

static struct user *find_user(uint32_t id) REQUIRES_LOCK(lock)
{
	struct list *node, *scratch;
	struct user *user;

	list_for_each(node, scratch, &users)
	{
		user = list_entry(node, struct user, link);
		if (user->id == id)
			return user;
	}
	user = heap_alloc(&core_heap, sizeof(*user));
	if (user) {
		user->id = id;
		list_add_tail(&users, &user->link);
	}
	return user;
}

/* One more instance of the calling process's user. */
static int take_user(struct inotify *inotify)
{
	struct user *user;
	int error = 0;

	take_lock();
	user = find_user(current_process()->credentials.user.effective);
	if (!user)
		error = -ENOMEM;
	else if (user->instances >= INOTIFY_INSTANCES_MAX)
		error = -EMFILE;
	if (!error) {
		user->instances++;
		inotify->user = user;
	}
	spin_unlock(&lock);
	return error;
}

long inotify_open(uint32_t flags)
{
	struct file *file = anonymous_create(&inotify_ops, sizeof(struct inotify), O_RDONLY | flags,
	                                     "anon_inode:inotify");
	struct inotify *inotify;
	int error;

	if (!file)
		return -ENOMEM;
	inotify = file->state;
	list_init(&inotify->watches);
	list_init(&inotify->events);
	wait_queue_init(&inotify->queue);
	inotify->overflow = make_event(-1, IN_Q_OVERFLOW, 0, NULL);
	error = inotify->overflow ? take_user(inotify) : -ENOMEM;
	if (error) {
		file_put(file);
		return error;
	}
	return anonymous_install(file, flags);
}
