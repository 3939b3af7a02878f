/* SPDX-License-Identifier: MIT
 *
 * A guest test program: EXPECT what must hold, then `return expect_result()`. Failures are
 * lines FILE:LINE: TEXT on standard output; the exit status is 1 when there was one.
 */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int expect_failures;

/* One more failure; a program that fails everywhere stops after some. */
static inline void expect_failed(void)
{
	if (++expect_failures < 20)
		return;
	printf("and more\n");
	fflush(stdout);
	_exit(1);
}

#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("%s:%d: %s (errno %d)\n", __FILE_NAME__, __LINE__, #condition,      \
			       errno);                                                             \
			expect_failed();                                                           \
		}                                                                                  \
	} while (0)

/* The call fails with exactly this error. */
#define EXPECT_ERROR(error, call)                                                                  \
	do {                                                                                       \
		errno = 0;                                                                         \
		if ((call) != -1 || errno != (error)) {                                            \
			printf("%s:%d: %s: errno %d, expected %d\n", __FILE_NAME__, __LINE__,      \
			       #call, errno, (error));                                             \
			expect_failed();                                                           \
		}                                                                                  \
	} while (0)

static inline int expect_result(void)
{
	fflush(stdout);
	return expect_failures ? 1 : 0;
}

/* Runs body in a child and gives its wait status. */
static inline int status_of_child(void (*body)(void))
{
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		body();
		fflush(stdout);
		_exit(expect_failures ? 1 : 0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}
