/* SPDX-License-Identifier: MIT
 *
 * What the programs about threads share.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

#define THREADS 8

/* How many of the threads that were just started have got to where they wait. */
static atomic_long ready;

static inline void nap(long milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	while (nanosleep(&time, &time) < 0)
		;
}

static inline pid_t thread_id(void)
{
	return (pid_t)syscall(SYS_gettid);
}

static inline void start(pthread_t *thread, void *(*function)(void *), void *argument)
{
	EXPECT(pthread_create(thread, NULL, function, argument) == 0);
}
