/* SPDX-License-Identifier: MIT
 *
 * futex(2), WAIT and WAKE: waiters hang in buckets by address; each is woken
 * through a flag of its own, so that a count is kept exactly.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/list.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/futex.h>
#include <kernel/proc/process.h>

#define BUCKETS 64

struct futex_waiter {
	struct list link; /* bucket's lock */
	const struct vmspace *space;
	uint64_t address;
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

static struct bucket *bucket_of(uint64_t address)
{
	return &buckets[(address >> 2) % BUCKETS];
}

static void enqueue(struct bucket *bucket, struct futex_waiter *waiter)
{
	spin_lock(&bucket->lock);
	if (!bucket->waiters.next)
		list_init(&bucket->waiters);
	list_add_tail(&bucket->waiters, &waiter->link);
	spin_unlock(&bucket->lock);
}

/* Whether a waker had come first. */
static bool dequeue(struct bucket *bucket, struct futex_waiter *waiter)
{
	bool woken;

	spin_lock(&bucket->lock);
	list_remove(&waiter->link);
	woken = waiter->woken;
	spin_unlock(&bucket->lock);
	return woken;
}

long futex_wait(uint64_t address, uint32_t expected, uint32_t bits, uint64_t deadline)
{
	struct bucket *bucket = bucket_of(address);
	struct futex_waiter waiter = {
	        .space = current_process()->vmspace,
	        .address = address,
	        .bits = bits,
	};
	uint32_t value;
	int error;

	wait_queue_init(&waiter.queue);
	/* Queue first, look then: who changes the word after our look finds us. */
	enqueue(bucket, &waiter);
	error = copy_from_user(&value, (const void __user *)address, sizeof(value));
	if (error == 0 && value != expected)
		error = -EAGAIN;
	if (error == 0)
		error = WAIT_UNTIL(&waiter.queue, __atomic_load_n(&waiter.woken, __ATOMIC_ACQUIRE),
		                   WAIT_INTERRUPTIBLE, deadline);
	return dequeue(bucket, &waiter) ? 0 : error;
}

long futex_wake_bits(uint64_t address, uint32_t count, uint32_t bits)
{
	struct bucket *bucket = bucket_of(address);
	const struct vmspace *space = current_process()->vmspace;
	struct futex_waiter *waiter;
	struct list *link, *scratch;
	uint32_t woken = 0;

	spin_lock(&bucket->lock);
	if (bucket->waiters.next)
		list_for_each(link, scratch, &bucket->waiters)
		{
			waiter = list_entry(link, struct futex_waiter, link);
			if (woken == count)
				break;
			if (waiter->space != space || waiter->address != address ||
			    !(waiter->bits & bits))
				continue;
			/* The sleeper leaves only through this lock, so it is still there. */
			list_remove(&waiter->link);
			__atomic_store_n(&waiter->woken, true, __ATOMIC_RELEASE);
			wake_all(&waiter->queue);
			woken++;
		}
	spin_unlock(&bucket->lock);
	return woken;
}

long futex_wake(uint64_t address, uint32_t count)
{
	return futex_wake_bits(address, count, UINT32_MAX);
}
