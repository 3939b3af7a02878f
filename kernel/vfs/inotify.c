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
#include <kernel/vfs/disk_fs.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/inotify_queue.h>
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
	int last; /* number that a watch got */
	struct user *user;
	struct inotify_queue queue;
};

struct watch {
	struct list bucket, link;
	struct inotify *inotify;
	const struct service *service;
	uint64_t object;
	uint32_t mask;
	int number;
};

struct spinlock inotify_lock = SPINLOCK_INIT(notify);
static struct list buckets[BUCKETS] GUARDED_BY(inotify_lock);
static struct list users GUARDED_BY(inotify_lock) = LIST_INIT(users);
static bool ready GUARDED_BY(inotify_lock);

uint32_t notify_watches;

static void take_lock(void) ACQUIRES_LOCK(inotify_lock)
{
	spin_lock(&inotify_lock);
	if (ready)
		return;
	for (unsigned int i = 0; i < BUCKETS; i++)
		list_init(&buckets[i]);
	ready = true;
}

static struct list *bucket_of(const struct service *service, uint64_t object)
        REQUIRES_LOCK(inotify_lock)
{
	uint64_t key = object * 0x9e3779b97f4a7c15UL + service->owner;

	return &buckets[(key >> 32) % BUCKETS];
}

/* ---- watches ---- */

/* The watch is no more, and says so. */
static void end_watch(struct watch *watch) REQUIRES_LOCK(inotify_lock)
{
	inotify_queue_add(&watch->inotify->queue, watch->number, IN_IGNORED, 0, NULL);
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
		inotify_queue_add(&watch->inotify->queue, watch->number, events, occurrence->cookie,
		                  occurrence->name);
		if (watch->mask & IN_ONESHOT)
			end_watch(watch);
	}
	spin_unlock(&inotify_lock);
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
	spin_unlock(&inotify_lock);
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
	spin_unlock(&inotify_lock);
}

/* What is mounted no more, on a disk: its objects' numbers may be others' by and by. */
static void end_of_disk(struct list *bucket, const struct service *service, uint32_t disk)
        REQUIRES_LOCK(inotify_lock)
{
	struct list *node, *scratch;

	list_for_each(node, scratch, bucket)
	{
		struct watch *watch = list_entry(node, struct watch, bucket);

		if (watch->service != service || DISK_OF_OBJECT(watch->object) != disk)
			continue;
		inotify_queue_add(&watch->inotify->queue, watch->number, IN_UNMOUNT, 0, NULL);
		end_watch(watch);
	}
}

void inotify_unmounted(const struct service *service, uint32_t disk)
{
	take_lock();
	for (unsigned int i = 0; i < BUCKETS; i++)
		end_of_disk(&buckets[i], service, disk);
	spin_unlock(&inotify_lock);
}

static struct watch *find_watch(const struct inotify *inotify, const struct vnode *vnode)
        REQUIRES_LOCK(inotify_lock)
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

static long change_watch(struct watch *watch, uint32_t mask) REQUIRES_LOCK(inotify_lock)
{
	if (mask & IN_MASK_CREATE)
		return -EEXIST;
	watch->mask = (mask & KEPT) | (mask & IN_MASK_ADD ? watch->mask : 0);
	return watch->number;
}

static long enter_watch(struct inotify *inotify, const struct vnode *vnode, uint32_t mask)
        REQUIRES_LOCK(inotify_lock)
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
	spin_unlock(&inotify_lock);
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
	spin_unlock(&inotify_lock);
	return result;
}

/* ---- the open file ---- */

static long inotify_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct inotify *inotify = file->state;
	char __user *to = buffer;
	uint64_t done = 0;
	long result;

	for (;;) {
		result = inotify_queue_read(&inotify->queue, to + done, size - done);
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
		if (WAIT_UNTIL(&inotify->queue.readers,
		               __atomic_load_n(&inotify->queue.count, __ATOMIC_ACQUIRE) != 0,
		               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
	return done ? (long)done : result;
}

static uint32_t inotify_poll(struct file *file, struct wait_queue **queue)
{
	struct inotify *inotify = file->state;

	*queue = &inotify->queue.readers;
	return __atomic_load_n(&inotify->queue.count, __ATOMIC_ACQUIRE) ? READABLE : 0;
}

static long inotify_ioctl(struct file *file, unsigned int command, uint64_t argument)
{
	const struct inotify *inotify = file->state;
	int bytes = (int)__atomic_load_n(&inotify->queue.bytes, __ATOMIC_ACQUIRE);

	if (command != FIONREAD)
		return -ENOTTY;
	return copy_to_user((void __user *)argument, &bytes, sizeof(bytes));
}

static void give_back_user(struct user *user) REQUIRES_LOCK(inotify_lock)
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
	inotify_queue_destroy(&inotify->queue);
	if (inotify->user)
		give_back_user(inotify->user);
	spin_unlock(&inotify_lock);
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

static struct user *find_user(uint32_t id) REQUIRES_LOCK(inotify_lock)
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
	spin_unlock(&inotify_lock);
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
	error = inotify_queue_create(&inotify->queue);
	if (!error)
		error = take_user(inotify);
	if (error) {
		file_put(file);
		return error;
	}
	return anonymous_install(file, flags);
}
