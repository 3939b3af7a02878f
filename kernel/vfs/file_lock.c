/* SPDX-License-Identifier: MIT
 *
 * One table of all locks, by what they lie on. Locks of one owner never overlap and never touch
 * with the same type: setting one joins, cuts and splits those that are there.
 */
#include <kernel/vfs/file_lock.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/list.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal.h>
#include <kernel/sync/spinlock.h>
#include <kernel/sync/wait_queue.h>
#include <kernel/vfs/file.h>

#define BUCKETS        64u
#define DEADLOCK_STEPS 10 /* as Linux: longer chains of waiting processes are not found */

struct file_lock {
	struct list link;
	const void *object; /* what it lies on */
	const void *owner;  /* a file table or an open file */
	struct file_lock_request is;
};

/* A process that waits for another one's lock. On its stack. */
struct blocked {
	struct list link;
	const void *owner, *holder;
};

struct bucket {
	struct list locks;
	uint64_t changes;
	struct wait_queue changed;
};

static struct {
	struct spinlock lock;
	struct bucket buckets[BUCKETS];
	struct list blocked;
	bool ready;
} table = {.lock = SPINLOCK_INIT(file)};

static void lock_table(void) ACQUIRES_LOCK(table.lock)
{
	spin_lock(&table.lock);
	if (table.ready)
		return;
	for (unsigned int i = 0; i < BUCKETS; i++) {
		list_init(&table.buckets[i].locks);
		wait_queue_init(&table.buckets[i].changed);
	}
	list_init(&table.blocked);
	table.ready = true;
}

/* All open files of one object lock the same thing. */
static const void *object_of(const struct file *file)
{
	if (file->vnode)
		return file->vnode;
	return file->state ? file->state : file;
}

static struct bucket *bucket_of(const void *object)
{
	return &table.buckets[((uintptr_t)object >> 6) * 0x9e3779b97f4a7c15UL >> 58];
}

static struct file_lock *entry(struct list *node)
{
	return list_entry(node, struct file_lock, link);
}

static const void *owner_of(const struct file *file, enum file_lock_kind kind)
{
	return kind == FILE_LOCK_PROCESS ? (const void *)current_process()->files : file;
}

static void count_locks(const struct file_lock *lock, int64_t change)
{
	if (lock->is.kind == FILE_LOCK_PROCESS)
		file_table_attend_closes(change);
}

/* An owner's locks on one object are in the order of their bytes. */
static void insert(struct bucket *bucket, struct file_lock *lock)
{
	struct list *node, *next;

	list_for_each(node, next, &bucket->locks)
	{
		if (entry(node)->object == lock->object && entry(node)->owner == lock->owner &&
		    entry(node)->is.first > lock->is.first)
			break;
	}
	list_add_tail(node, &lock->link);
	count_locks(lock, 1);
}

/* Out of the table, into a list of what is to be freed behind the lock. */
static void discard(struct file_lock *lock, struct list *garbage)
{
	count_locks(lock, -1);
	list_remove(&lock->link);
	list_add_tail(garbage, &lock->link);
}

static void free_all(struct list *garbage)
{
	struct list *node, *next;

	list_for_each(node, next, garbage)
	{
		heap_free(&core_heap, entry(node));
	}
}

/* ---- conflicts ---- */

static bool overlaps(const struct file_lock_request *a, const struct file_lock_request *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static bool is_whole(enum file_lock_kind kind)
{
	return kind == FILE_LOCK_WHOLE;
}

static struct file_lock *find_conflict(struct bucket *bucket, const void *object, const void *owner,
                                       const struct file_lock_request *request)
{
	struct list *node, *next;

	list_for_each(node, next, &bucket->locks)
	{
		struct file_lock *lock = entry(node);

		if (lock->object == object && lock->owner != owner &&
		    is_whole(lock->is.kind) == is_whole(request->kind) &&
		    overlaps(&lock->is, request) &&
		    (lock->is.type == FILE_LOCK_EXCLUSIVE || request->type == FILE_LOCK_EXCLUSIVE))
			return lock;
	}
	return NULL;
}

/* Whether who holds the lock waits, by others perhaps, for who wants it. */
static bool would_deadlock(const void *owner, const void *holder)
{
	for (int i = 0; i < DEADLOCK_STEPS; i++) {
		const void *waits_for = NULL;
		struct list *node, *next;

		list_for_each(node, next, &table.blocked)
		{
			struct blocked *blocked = list_entry(node, struct blocked, link);

			if (blocked->owner == holder)
				waits_for = blocked->holder;
		}
		if (waits_for == owner)
			return true;
		if (!waits_for)
			return false;
		holder = waits_for;
	}
	return false;
}

/* ---- setting ---- */

/* What a set may need, allocated before anything changes. */
struct fresh {
	struct file_lock *lock, *rest;
};

static int allocate(struct fresh *fresh)
{
	fresh->lock = heap_alloc(&core_heap, sizeof(*fresh->lock));
	fresh->rest = heap_alloc(&core_heap, sizeof(*fresh->rest));
	if (fresh->lock && fresh->rest)
		return 0;
	heap_free(&core_heap, fresh->lock);
	heap_free(&core_heap, fresh->rest);
	return -ENOLCK;
}

/* Nothing of an old lock remains in [wanted->first, wanted->last]. */
static void cut(struct bucket *bucket, struct file_lock *old, const struct file_lock *wanted,
                struct fresh *fresh, struct list *garbage)
{
	uint64_t first = wanted->is.first, last = wanted->is.last;

	if (old->is.first < first && old->is.last > last) {
		*fresh->rest = *old;
		fresh->rest->is.first = last + 1;
		insert(bucket, fresh->rest);
		fresh->rest = NULL;
		old->is.last = first - 1;
	} else if (old->is.first < first) {
		old->is.last = first - 1;
	} else if (old->is.last > last) {
		old->is.first = last + 1;
	} else {
		discard(old, garbage);
	}
}

/* With the table: the owner's own locks make room, or become part of the new one. */
static void apply(struct bucket *bucket, struct fresh *fresh, struct list *garbage)
{
	struct file_lock *wanted = fresh->lock;
	struct list *node, *next;

	list_for_each(node, next, &bucket->locks)
	{
		struct file_lock *old = entry(node);

		if (old->object != wanted->object || old->owner != wanted->owner ||
		    old->is.kind != wanted->is.kind)
			continue;
		if (old->is.type == wanted->is.type && old->is.first <= wanted->is.last + 1 &&
		    wanted->is.first <= old->is.last + 1) {
			if (old->is.first < wanted->is.first)
				wanted->is.first = old->is.first;
			if (old->is.last > wanted->is.last)
				wanted->is.last = old->is.last;
			discard(old, garbage);
		} else if (overlaps(&old->is, &wanted->is)) {
			cut(bucket, old, wanted, fresh, garbage);
		}
	}
	if (wanted->is.type != FILE_UNLOCKED) {
		insert(bucket, wanted);
		fresh->lock = NULL;
	}
	bucket->changes++;
}

static uint64_t changes_of(const struct bucket *bucket)
{
	return __atomic_load_n(&bucket->changes, __ATOMIC_ACQUIRE);
}

/* Another's lock is in the way: sleep until some lock of the bucket has changed since. */
static int wait_for(struct bucket *bucket, struct blocked *blocked, uint64_t seen)
{
	int error = WAIT_UNTIL(&bucket->changed, changes_of(bucket) != seen, WAIT_INTERRUPTIBLE,
	                       WAIT_FOREVER);

	spin_lock(&table.lock);
	list_remove(&blocked->link);
	spin_unlock(&table.lock);
	return error ? -ERESTARTSYS : 0;
}

/* With the table. 0: nothing is in the way; 1: something is, and blocked tells the others so. */
static int try_set(struct bucket *bucket, const struct file_lock *wanted, bool wait,
                   struct blocked *blocked)
{
	struct file_lock *other = NULL;

	if (wanted->is.type != FILE_UNLOCKED)
		other = find_conflict(bucket, wanted->object, wanted->owner, &wanted->is);
	if (!other)
		return 0;
	if (!wait)
		return -EAGAIN;
	if (wanted->is.kind == FILE_LOCK_PROCESS && would_deadlock(wanted->owner, other->owner))
		return -EDEADLK;
	*blocked = (struct blocked){.owner = wanted->owner, .holder = other->owner};
	list_init(&blocked->link);
	if (wanted->is.kind == FILE_LOCK_PROCESS)
		list_add_tail(&table.blocked, &blocked->link);
	return 1;
}

/* flock(2): a lock that is to be of the other type is given up before the new one is there. */
static void give_up_whole(struct bucket *bucket, const struct file_lock *wanted,
                          struct list *garbage)
{
	struct list *node, *next;

	if (wanted->is.kind != FILE_LOCK_WHOLE)
		return;
	list_for_each(node, next, &bucket->locks)
	{
		struct file_lock *old = entry(node);

		if (old->owner == wanted->owner && is_whole(old->is.kind) &&
		    old->is.type != wanted->is.type) {
			discard(old, garbage);
			bucket->changes++;
		}
	}
}

int file_lock_set(struct file *file, const struct file_lock_request *request, bool wait)
{
	const void *object = object_of(file);
	struct bucket *bucket = bucket_of(object);
	struct list garbage = LIST_INIT(garbage);
	struct blocked blocked;
	struct fresh fresh;
	int result = allocate(&fresh);

	if (result)
		return result;
	*fresh.lock = (struct file_lock){
	        .object = object, .owner = owner_of(file, request->kind), .is = *request};
	list_init(&fresh.lock->link);
	if (request->kind != FILE_LOCK_PROCESS)
		__atomic_store_n(&file->locked, true, __ATOMIC_RELAXED);
	do {
		uint64_t seen;

		lock_table();
		give_up_whole(bucket, fresh.lock, &garbage);
		result = try_set(bucket, fresh.lock, wait, &blocked);
		if (result == 0)
			apply(bucket, &fresh, &garbage);
		seen = bucket->changes;
		spin_unlock(&table.lock);
		wake_all(&bucket->changed);
		if (result == 1)
			result = wait_for(bucket, &blocked, seen) ?: 1;
	} while (result == 1);
	heap_free(&core_heap, fresh.lock);
	heap_free(&core_heap, fresh.rest);
	free_all(&garbage);
	return result;
}

void file_lock_find(struct file *file, struct file_lock_request *request)
{
	const void *object = object_of(file);
	struct file_lock *lock;

	lock_table();
	lock = find_conflict(bucket_of(object), object, owner_of(file, request->kind), request);
	if (lock)
		*request = lock->is;
	else
		request->type = FILE_UNLOCKED;
	spin_unlock(&table.lock);
}

/* ---- the end of an owner ---- */

static void release(const void *object, const void *owner)
{
	struct bucket *bucket = bucket_of(object);
	struct list garbage = LIST_INIT(garbage), *node, *next;

	lock_table();
	list_for_each(node, next, &bucket->locks)
	{
		if (entry(node)->object == object && entry(node)->owner == owner)
			discard(entry(node), &garbage);
	}
	bucket->changes++;
	spin_unlock(&table.lock);
	wake_all(&bucket->changed);
	free_all(&garbage);
}

void file_locks_closed(struct file *file, const struct file_table *owner)
{
	release(object_of(file), owner);
}

void file_locks_forget(struct file *file)
{
	release(object_of(file), file);
}
