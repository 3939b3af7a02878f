/* SPDX-License-Identifier: MIT
 *
 * timerfd_create(2): a timer whose expirations are read as a count. A periodic timer rests after
 * it has fired until somebody asks; what it missed meanwhile is reckoned then, so that a short
 * period costs no interrupts.
 */
#include <kernel/vfs/timerfd.h>

#include <asm/fcntl.h>
#include <asm/poll.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/list.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/time/time.h>
#include <kernel/vfs/anonymous_file.h>
#include <kernel/vfs/file.h>

#define READABLE (POLLIN | POLLRDNORM)

/* All but count and fired, which the timer's interrupt changes, is guarded by setting. */
struct timerfd {
	struct timer timer;
	uint64_t count; /* expirations nobody has read: atomic */
	bool fired;     /* and has not been started again: atomic */
	bool by_wall;
	bool cancel, canceled;
	uint64_t next; /* time_now() of the expiration to come, or that fired last; 0: off */
	uint64_t wall; /* the same by the wall clock, of an absolute time by that one; else 0 */
	uint64_t interval;
	struct list link; /* in wall_timers, while wall is set */
	struct wait_queue queue;
};

static struct mutex setting = MUTEX_INIT(setting);
static struct list wall_timers = LIST_INIT(wall_timers);

static const struct file_ops timerfd_ops;

/* Interrupt context, or under setting while the timer is off. */
static void fire(struct timer *timer)
{
	struct timerfd *self = list_entry(timer, struct timerfd, timer);

	__atomic_store_n(&self->fired, true, __ATOMIC_RELAXED);
	__atomic_fetch_add(&self->count, 1, __ATOMIC_RELEASE);
	wake_for(&self->queue, READABLE);
}

/* A time that is past has come already. */
static void start(struct timerfd *self)
{
	if (self->next <= time_now())
		fire(&self->timer);
	else
		timer_start(&self->timer, self->next, fire);
}

static bool has_fired(const struct timerfd *self)
{
	return __atomic_load_n(&self->fired, __ATOMIC_ACQUIRE);
}

/* A periodic timer that rests: count what it missed, and go on. */
static void catch_up(struct timerfd *self)
{
	uint64_t now = time_now(), missed;

	if (!has_fired(self) || self->interval == 0)
		return;
	missed = now > self->next ? (now - self->next) / self->interval : 0;
	__atomic_fetch_add(&self->count, missed, __ATOMIC_RELAXED);
	__atomic_store_n(&self->fired, false, __ATOMIC_RELAXED);
	self->next += (missed + 1) * self->interval;
	if (self->wall)
		self->wall += (missed + 1) * self->interval;
	timer_start(&self->timer, self->next, fire);
}

static void describe(struct timerfd *self, struct timerfd_setting *left)
{
	uint64_t now = time_now();

	catch_up(self);
	*left = (struct timerfd_setting){.interval = self->interval};
	/* What is due but has not fired is not 0, which would mean off. */
	if (self->next != 0 && !has_fired(self))
		left->value = self->next > now ? self->next - now : 1;
}

/* What is to be read: a count, 0 for nothing yet, or -ECANCELED. */
static int64_t take(struct timerfd *self)
{
	int64_t taken;

	mutex_lock(&setting);
	if (self->canceled) {
		self->canceled = false;
		__atomic_store_n(&self->count, 0, __ATOMIC_RELAXED);
		taken = -ECANCELED;
	} else {
		catch_up(self);
		taken = (int64_t)__atomic_exchange_n(&self->count, 0, __ATOMIC_ACQ_REL);
	}
	mutex_unlock(&setting);
	return taken;
}

static bool is_readable(const struct timerfd *self)
{
	return __atomic_load_n(&self->count, __ATOMIC_ACQUIRE) != 0;
}

static long timerfd_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct timerfd *self = file->state;
	int64_t taken;

	if (size < sizeof(taken))
		return -EINVAL;
	while ((taken = take(self)) == 0) {
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&self->queue, is_readable(self), WAIT_INTERRUPTIBLE, WAIT_FOREVER) <
		    0)
			return -ERESTARTSYS;
	}
	if (taken < 0)
		return taken;
	return copy_to_user(buffer, &taken, sizeof(taken)) == 0 ? (long)sizeof(taken) : -EFAULT;
}

static uint32_t timerfd_poll(struct file *file, struct wait_queue **queue)
{
	struct timerfd *self = file->state;

	*queue = &self->queue;
	return is_readable(self) ? READABLE : 0;
}

static void timerfd_close(struct file *file)
{
	struct timerfd *self = file->state;

	mutex_lock(&setting);
	timer_cancel(&self->timer);
	list_remove(&self->link);
	mutex_unlock(&setting);
	anonymous_close(file);
}

static const struct file_ops timerfd_ops = {
        .kind = "timerfd",
        .read = timerfd_read,
        .poll = timerfd_poll,
        .stat = anonymous_stat,
        .close = timerfd_close,
};

long timerfd_open(bool by_wall, uint32_t flags)
{
	struct file *file = anonymous_create(&timerfd_ops, sizeof(struct timerfd), O_RDWR | flags,
	                                     "anon_inode:[timerfd]");
	struct timerfd *self;

	if (!file)
		return -ENOMEM;
	self = file->state;
	self->by_wall = by_wall;
	list_init(&self->link);
	wait_queue_init(&self->queue);
	return anonymous_install(file, flags);
}

/* When a time of the wall clock comes; never 0. */
static uint64_t moment_of(uint64_t wall)
{
	int64_t moment = (int64_t)(wall - (time_wall() - time_now()));

	return moment > 0 ? (uint64_t)moment : 1;
}

/* With setting. The timer is off. */
static void set(struct timerfd *self, const struct timerfd_setting *new)
{
	bool by_wall = new->absolute && self->by_wall &&new->value != 0;

	self->interval = new->interval;
	self->cancel = new->cancel &&by_wall;
	self->wall = by_wall ? new->value : 0;
	list_remove(&self->link);
	if (by_wall) {
		list_add_tail(&wall_timers, &self->link);
		self->next = moment_of(new->value);
	} else if (new->absolute || new->value == 0) {
		self->next = new->value;
	} else {
		self->next = time_now() + new->value;
	}
	if (self->next != 0)
		start(self);
}

int timerfd_set(struct file *file, const struct timerfd_setting *new, struct timerfd_setting *old)
{
	struct timerfd *self = file->state;

	if (file->ops != &timerfd_ops)
		return -EINVAL;
	mutex_lock(&setting);
	describe(self, old);
	timer_cancel(&self->timer);
	__atomic_store_n(&self->count, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&self->fired, false, __ATOMIC_RELAXED);
	self->canceled = false;
	set(self, new);
	mutex_unlock(&setting);
	return 0;
}

int timerfd_get(struct file *file, struct timerfd_setting *left)
{
	if (file->ops != &timerfd_ops)
		return -EINVAL;
	mutex_lock(&setting);
	describe(file->state, left);
	mutex_unlock(&setting);
	return 0;
}

void timerfd_clock_was_set(void)
{
	struct list *node, *scratch;

	mutex_lock(&setting);
	list_for_each(node, scratch, &wall_timers)
	{
		struct timerfd *self = list_entry(node, struct timerfd, link);

		catch_up(self); /* what was due by the clock as it was */
		if (!has_fired(self)) {
			timer_cancel(&self->timer);
			self->next = moment_of(self->wall);
			if (!has_fired(self))
				start(self);
		}
		if (self->cancel) {
			self->canceled = true;
			__atomic_fetch_add(&self->count, 1, __ATOMIC_RELEASE);
			wake_for(&self->queue, READABLE);
		}
	}
	mutex_unlock(&setting);
}
