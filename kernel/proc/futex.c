/* SPDX-License-Identifier: MIT
 *
 * Waiters of futex(2): they hang in buckets by the word's identity; each is woken through a flag
 * of its own, so that a count is kept exactly.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/list.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/futex.h>
#include <kernel/proc/process.h>

#define BUCKETS 64

struct futex_waiter {
	struct list link; /* bucket's lock */
	/* NULL on the way to another bucket. Changed with the lock of the one that it leaves, or by
	 * who moves it. */
	struct bucket *bucket;
	struct word_identity word;
	uint32_t bits;
	bool woken;
	struct wait_queue queue;
};

struct bucket {
	struct spinlock lock;
	struct list waiters; /* zero until first used */
};

static struct bucket buckets[BUCKETS] = {
        [0 ... BUCKETS - 1] = {.lock = SPINLOCK_INIT(file)},
};

static bool is_same(struct word_identity a, struct word_identity b)
{
	return a.object == b.object && a.offset == b.offset;
}

static struct bucket *bucket_of(struct word_identity word)
{
	return &buckets[(word.offset >> 2) % BUCKETS];
}

/* The bucket's waiters, locked. */
static struct list *lock(struct bucket *bucket) NO_LOCK_ANALYSIS("given up by the caller")
{
	spin_lock(&bucket->lock);
	if (!bucket->waiters.next)
		list_init(&bucket->waiters);
	return &bucket->waiters;
}

static void enqueue(struct futex_waiter *waiter) NO_LOCK_ANALYSIS("locked in lock()")
{
	struct bucket *bucket = bucket_of(waiter->word);
	struct list *waiters = lock(bucket);

	list_add_tail(waiters, &waiter->link);
	__atomic_store_n(&waiter->bucket, bucket, __ATOMIC_RELEASE);
	spin_unlock(&bucket->lock);
}

/* Whether a waker had come first. */
static bool dequeue(struct futex_waiter *waiter)
{
	for (;;) {
		struct bucket *bucket = __atomic_load_n(&waiter->bucket, __ATOMIC_ACQUIRE);
		bool there, woken;

		if (!bucket) { /* who moves it is about to put it down */
			cpu_relax();
			continue;
		}
		spin_lock(&bucket->lock);
		there = waiter->bucket == bucket;
		if (there)
			list_remove(&waiter->link);
		woken = waiter->woken;
		spin_unlock(&bucket->lock);
		if (there)
			return woken;
	}
}

long futex_wait(uint64_t address, struct word_identity word, uint32_t expected, uint32_t bits,
                uint64_t deadline)
{
	struct futex_waiter waiter = {.word = word, .bits = bits};
	uint32_t value;
	int error;

	wait_queue_init(&waiter.queue);
	/* Queue first, look then: who changes the word after our look finds us. */
	enqueue(&waiter);
	error = copy_from_user(&value, (const void __user *)address, sizeof(value));
	if (error == 0 && value != expected)
		error = -EAGAIN;
	if (error == 0)
		error = WAIT_UNTIL(&waiter.queue, __atomic_load_n(&waiter.woken, __ATOMIC_ACQUIRE),
		                   WAIT_INTERRUPTIBLE, deadline);
	return dequeue(&waiter) ? 0 : error;
}

/* The sleeper leaves only through the bucket's lock, so it is still there. */
static void wake(struct futex_waiter *waiter)
{
	list_remove(&waiter->link);
	__atomic_store_n(&waiter->woken, true, __ATOMIC_RELEASE);
	wake_all(&waiter->queue);
}

long futex_wake(struct word_identity word, uint32_t count, uint32_t bits)
        NO_LOCK_ANALYSIS("locked in lock()")
{
	struct bucket *bucket = bucket_of(word);
	struct list *link, *scratch, *waiters = lock(bucket);
	uint32_t woken = 0;

	list_for_each(link, scratch, waiters)
	{
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		if (woken == count)
			break;
		if (!is_same(waiter->word, word) || !(waiter->bits & bits))
			continue;
		wake(waiter);
		woken++;
	}
	spin_unlock(&bucket->lock);
	return woken;
}

/* Put down what was taken from another bucket. */
static void put_down(struct list *moving, struct word_identity word)
        NO_LOCK_ANALYSIS("locked in lock()")
{
	struct bucket *bucket = bucket_of(word);
	struct list *link, *scratch, *waiters = lock(bucket);

	list_for_each(link, scratch, moving)
	{
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		list_remove(&waiter->link);
		waiter->word = word;
		list_add_tail(waiters, &waiter->link);
		__atomic_store_n(&waiter->bucket, bucket, __ATOMIC_RELEASE);
	}
	spin_unlock(&bucket->lock);
}

/* Wake what was taken from a bucket. */
static void wake_taken(struct list *waking, struct bucket *bucket)
        NO_LOCK_ANALYSIS("locked in lock()")
{
	struct list *link, *scratch;

	(void)lock(bucket);
	list_for_each(link, scratch, waking)
	{
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		wake(waiter);
		__atomic_store_n(&waiter->bucket, bucket, __ATOMIC_RELEASE);
	}
	spin_unlock(&bucket->lock);
}

long futex_requeue(struct word_identity word, uint32_t count, struct word_identity other,
                   uint32_t moved) NO_LOCK_ANALYSIS("locked in lock()")
{
	struct list moving = LIST_INIT(moving), waking = LIST_INIT(waking);
	struct bucket *bucket = bucket_of(word);
	struct list *link, *scratch, *waiters = lock(bucket);
	uint64_t done = 0;

	list_for_each(link, scratch, waiters)
	{
		struct futex_waiter *waiter = list_entry(link, struct futex_waiter, link);

		if (done >= (uint64_t)count + moved)
			break;
		if (!is_same(waiter->word, word))
			continue;
		list_remove(&waiter->link);
		__atomic_store_n(&waiter->bucket, NULL, __ATOMIC_RELEASE);
		list_add_tail(done++ < count ? &waking : &moving, &waiter->link);
	}
	spin_unlock(&bucket->lock);
	/* Who is woken may wake those who moved: they are there first. */
	put_down(&moving, other);
	wake_taken(&waking, bucket);
	return (long)done;
}
