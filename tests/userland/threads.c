/* SPDX-License-Identifier: MIT
 *
 * Threads of one process: create and join, a contended mutex, a condition, thread-local data.
 */
#include <pthread.h>

#include "expect.h"

#define THREADS 8
#define ROUNDS  5000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long counter;
static int turn;
static _Thread_local long own;

static void *count_up(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
		own++;
	}
	return own == ROUNDS ? argument : NULL;
}

static void *take_turns(void *argument)
{
	int mine = *(int *)argument;

	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&lock);
		while (turn != mine)
			pthread_cond_wait(&changed, &lock);
		turn = !mine;
		pthread_cond_signal(&changed);
		pthread_mutex_unlock(&lock);
	}
	return argument;
}

static void *do_nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t threads[THREADS];
	int numbers[2] = {0, 1}, marks[THREADS];
	void *result;

	for (int i = 0; i < THREADS; i++)
		EXPECT(pthread_create(&threads[i], NULL, count_up, &marks[i]) == 0);
	for (int i = 0; i < THREADS; i++)
		EXPECT(pthread_join(threads[i], &result) == 0 && result == &marks[i]);
	EXPECT(counter == (long)THREADS * ROUNDS && own == 0);
	for (int i = 0; i < 2; i++)
		EXPECT(pthread_create(&threads[i], NULL, take_turns, &numbers[i]) == 0);
	for (int i = 0; i < 2; i++)
		EXPECT(pthread_join(threads[i], &result) == 0 && result == &numbers[i]);
	/* Stacks and thread numbers come back: many one after another. */
	for (int i = 0; i < 300; i++) {
		EXPECT(pthread_create(&threads[0], NULL, do_nothing, NULL) == 0);
		EXPECT(pthread_join(threads[0], &result) == 0);
	}
	return expect_result();
}
