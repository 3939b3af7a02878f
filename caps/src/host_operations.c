/* SPDX-License-Identifier: MIT
 *
 * Operations of a hosted program: a revocation waits until each other thread has been seen outside
 * the operation that it was in.
 *
 * A thread opens an operation (its sequence becomes odd), then reads the table. A revocation writes
 * the table, then reads the sequences. Either the thread's read sees the write, and the token is
 * refused, or the revocation sees the odd sequence, and waits; but only if neither's read overtakes
 * its write. Threads that open operations many times a second pay nothing for that: the revocation
 * pays for both, with membarrier(2), which makes every running thread pass a full fence.
 */
#define _GNU_SOURCE
#include "host_operations.h"
#include "atomic.h"

#include <aramid/cap_env.h>
#include <aramid/cap_host.h>
#include <aramid/cap_operation.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

bool cap_readers_fence;

static struct cap_thread *threads; /* all records; grows at the front */
static __thread struct cap_thread *this_thread;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_end;

static void give_up(const char *why)
{
	fprintf(stderr, "aramid: %s\n", why);
	abort();
}

/* The thread has ended, and with it what it had open. */
static void release_record(void *record)
{
	struct cap_thread *thread = record;

	this_thread = NULL;
	thread->depth = 0;
	if (thread->sequence % 2)
		cap_store_release(&thread->sequence, thread->sequence + 1);
	cap_store_release(&thread->taken, 0);
}

static void prepare_fences(void)
{
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0)
		cap_readers_fence = true;
}

/* fork(2) takes one thread along; nobody will end the others' operations. */
static void prepare_child(void)
{
	struct cap_thread *own = this_thread;
	struct cap_thread *thread;

	for (thread = cap_load_acquire(&threads); thread; thread = thread->next)
		if (thread != own)
			release_record(thread);
	this_thread = own;
	prepare_fences();
}

static void prepare(void)
{
	if (pthread_key_create(&at_thread_end, release_record) != 0 ||
	    pthread_atfork(NULL, NULL, prepare_child) != 0)
		give_up("operations cannot follow the program's threads");
	prepare_fences();
}

static struct cap_thread *take_free_record(void)
{
	struct cap_thread *thread;

	for (thread = cap_load_acquire(&threads); thread; thread = thread->next)
		if (!cap_load_relaxed(&thread->taken) &&
		    !__atomic_exchange_n(&thread->taken, 1, __ATOMIC_ACQ_REL))
			return thread;
	return NULL;
}

static struct cap_thread *add_record(void)
{
	struct cap_thread *thread = aligned_alloc(_Alignof(struct cap_thread), sizeof(*thread));

	if (!thread)
		give_up("no memory for a thread's operations");
	*thread = (struct cap_thread){.taken = 1, .next = cap_load_relaxed(&threads)};
	while (!__atomic_compare_exchange_n(&threads, &thread->next, thread, true, __ATOMIC_RELEASE,
	                                    __ATOMIC_RELAXED))
		;
	return thread;
}

__attribute__((noinline, cold)) static struct cap_thread *make_record(void)
{
	struct cap_thread *thread;

	pthread_once(&prepared, prepare);
	thread = take_free_record();
	if (!thread)
		thread = add_record();
	this_thread = thread;
	if (pthread_setspecific(at_thread_end, thread) != 0)
		give_up("no memory for a thread's operations");
	return thread;
}

static inline struct cap_thread *own_record(void)
{
	return __builtin_expect(this_thread != NULL, 1) ? this_thread : make_record();
}

__attribute__((noinline, cold)) static void fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void cap_begin_operation(void)
{
	struct cap_thread *thread = own_record();

	if (thread->depth++ > 0)
		return;
	cap_store_relaxed(&thread->sequence, thread->sequence + 1);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (__builtin_expect(cap_readers_fence, 0))
		fence();
}

void cap_end_operation(void)
{
	struct cap_thread *thread = own_record();

	if (thread->depth == 0)
		give_up("an operation ended that was not open");
	if (--thread->depth == 0)
		cap_store_release(&thread->sequence, thread->sequence + 1);
}

unsigned int cap_open_operations(void)
{
	return own_record()->depth;
}

void cap_end_operations_since(unsigned int open)
{
	while (own_record()->depth > open)
		cap_end_operation();
}

void cap_count_validation(void)
{
	struct cap_thread *thread = own_record();

	cap_store_relaxed(&thread->validated, thread->validated + 1);
}

uint64_t cap_sum_validations(void)
{
	struct cap_thread *thread;
	uint64_t sum = 0;

	for (thread = cap_load_acquire(&threads); thread; thread = thread->next)
		sum += cap_load_relaxed(&thread->validated);
	return sum;
}

/* What this thread wrote is seen by each operation opened from now on, and an operation opened
 * before is seen by this thread. */
static void fence_all_threads(void)
{
	if (cap_readers_fence)
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	else if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
		give_up("membarrier(2) has failed");
}

static void wait_for(const struct cap_thread *thread)
{
	uint64_t open = cap_load_acquire(&thread->sequence);

	while (open % 2 && cap_load_acquire(&thread->sequence) == open)
		sched_yield();
}

void cap_wait_for_operations(void)
{
	const struct cap_thread *self = own_record();
	const struct cap_thread *thread;

	if (self->depth > 0)
		give_up("a revocation inside an operation would wait for itself");
	fence_all_threads();
	for (thread = cap_load_acquire(&threads); thread; thread = thread->next)
		wait_for(thread);
}
