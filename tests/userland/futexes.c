/* SPDX-License-Identifier: MIT
 *
 * Locks of threads and of processes that share memory, and futex(2) under them.
 */
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "threads.h"

/* The kernel's numbers, which musl does not have (<linux/futex.h>). */
#define FUTEX_WAKE                 1
#define FUTEX_WAIT_PRIVATE         128
#define FUTEX_WAKE_PRIVATE         129
#define FUTEX_CMP_REQUEUE_PRIVATE  132
#define FUTEX_WAKE_OP_PRIVATE      133
#define ADD_5_AND_WAKE_IF_IT_WAS_0 0x10005000

#define ROUNDS 5000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turned = PTHREAD_COND_INITIALIZER;
static long counter, turn;

static void *add(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

static void test_mutex_excludes(void)
{
	pthread_t threads[THREADS];

	counter = 0;
	for (int i = 0; i < THREADS; i++)
		start(&threads[i], add, &threads[i]);
	for (int i = 0; i < THREADS; i++) {
		void *result;

		EXPECT(pthread_join(threads[i], &result) == 0 && result == &threads[i]);
	}
	EXPECT(counter == (long)THREADS * ROUNDS);
}

static void *take_turns(void *argument)
{
	long mine = (long)argument;

	for (int i = 0; i < 50; i++) {
		pthread_mutex_lock(&mutex);
		while (turn % THREADS != mine)
			pthread_cond_wait(&turned, &mutex);
		turn++;
		pthread_cond_broadcast(&turned);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void test_broadcast_wakes_all_waiters(void)
{
	pthread_t threads[THREADS];

	turn = 0;
	for (long i = 0; i < THREADS; i++)
		start(&threads[i], take_turns, (void *)i);
	for (int i = 0; i < THREADS; i++)
		EXPECT(pthread_join(threads[i], NULL) == 0);
	EXPECT(turn == 50L * THREADS);
}

static pthread_mutex_t robust;

static void *die_with_lock(void *unused)
{
	pthread_mutex_lock(&robust);
	return unused;
}

static void test_robust_mutex_tells_that_its_owner_died(void)
{
	pthread_mutexattr_t attributes;
	pthread_t thread;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attributes);
	start(&thread, die_with_lock, NULL);
	EXPECT(pthread_join(thread, NULL) == 0);
	EXPECT(pthread_mutex_lock(&robust) == EOWNERDEAD);
	EXPECT(pthread_mutex_consistent(&robust) == 0);
	EXPECT(pthread_mutex_unlock(&robust) == 0);
}

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	long value;
};

static void test_processes_share_locks_in_shared_memory(void)
{
	struct shared *shared =
	        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t of_mutex;
	pthread_condattr_t of_cond;
	pid_t child;

	pthread_mutexattr_init(&of_mutex);
	pthread_mutexattr_setpshared(&of_mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &of_mutex);
	pthread_condattr_init(&of_cond);
	pthread_condattr_setpshared(&of_cond, PTHREAD_PROCESS_SHARED);
	pthread_cond_init(&shared->changed, &of_cond);
	child = fork();
	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&shared->mutex);
		while (shared->value % 2 != (child == 0))
			pthread_cond_wait(&shared->changed, &shared->mutex);
		shared->value++;
		pthread_cond_signal(&shared->changed);
		pthread_mutex_unlock(&shared->mutex);
	}
	if (child == 0)
		_exit(0);
	EXPECT(waitpid(child, NULL, 0) == child);
	EXPECT(shared->value == 200);
	munmap(shared, 4096);
}

static uint32_t words[2];

static void *wait_on_word(void *unused)
{
	ready++;
	while (syscall(SYS_futex, &words[0], FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0) < 0 &&
	       errno == EINTR)
		;
	return unused;
}

static void test_futex_moves_waiters_and_changes_words(void)
{
	pthread_t threads[4];

	words[0] = words[1] = 0;
	ready = 0;
	for (int i = 0; i < 4; i++)
		start(&threads[i], wait_on_word, NULL);
	while (ready < 4)
		nap(1);
	nap(20);
	EXPECT_ERROR(EAGAIN,
	             syscall(SYS_futex, &words[0], FUTEX_CMP_REQUEUE_PRIVATE, 1, 3L, &words[1], 7));
	EXPECT(syscall(SYS_futex, &words[0], FUTEX_CMP_REQUEUE_PRIVATE, 1, 2L, &words[1], 0) == 3);
	EXPECT(syscall(SYS_futex, &words[0], FUTEX_WAKE_OP_PRIVATE, 5, 1L, &words[1],
	               ADD_5_AND_WAKE_IF_IT_WAS_0) == 2);
	EXPECT(words[1] == 5);
	EXPECT(syscall(SYS_futex, &words[1], FUTEX_WAKE_PRIVATE, 5, NULL, NULL, 0) == 1);
	for (int i = 0; i < 4; i++)
		EXPECT(pthread_join(threads[i], NULL) == 0);
	EXPECT_ERROR(EINVAL, syscall(SYS_futex, (char *)words + 1, FUTEX_WAKE, 1, NULL, NULL, 0));
}

int main(void)
{
	test_mutex_excludes();
	test_broadcast_wakes_all_waiters();
	test_robust_mutex_tells_that_its_owner_died();
	test_processes_share_locks_in_shared_memory();
	test_futex_moves_waiters_and_changes_words();
	return expect_result();
}
