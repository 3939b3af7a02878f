/* SPDX-License-Identifier: MIT
 *
 * fork(2), vfork(2), execve(2), wait4(2): what children inherit and how their ends are told.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "expect.h"

static void exit_with_42(void)
{
	_exit(42);
}

static void abort_self(void)
{
	abort();
}

static void run_true(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void run_with_arguments(void)
{
	char *const arguments[] = {
	        "sh", "-c",        "[ \"$1\" = 'two words' ] && [ \"$NAME\" = value ]",
	        "sh", "two words", NULL};
	char *const environment[] = {"NAME=value", "PATH=/bin", NULL};

	execve("/bin/sh", arguments, environment);
}

static void orphan_a_child(void)
{
	if (fork() == 0) {
		usleep(20000);
		/* The parent is gone: process 1, or whoever adopts, is the parent now. */
		_exit(0);
	}
	_exit(0);
}

static void test_statuses(void)
{
	int status = status_of_child(exit_with_42);

	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 42);
	status = status_of_child(abort_self);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	EXPECT(status_of_child(run_true) == 0);
	EXPECT(status_of_child(run_with_arguments) == 0);
	EXPECT(status_of_child(orphan_a_child) == 0);
}

static void test_wait(void)
{
	int status;
	pid_t child;

	EXPECT_ERROR(ECHILD, waitpid(-1, &status, 0));
	child = fork();
	if (child == 0) {
		usleep(50000);
		_exit(3);
	}
	EXPECT(waitpid(child, &status, WNOHANG) == 0);
	EXPECT_ERROR(ECHILD, waitpid(child + 1000, &status, 0));
	EXPECT(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 3);
	EXPECT_ERROR(ECHILD, waitpid(child, &status, 0));
	child = fork();
	if (child == 0) {
		raise(SIGSTOP);
		_exit(4);
	}
	EXPECT(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
	EXPECT(WSTOPSIG(status) == SIGSTOP);
	EXPECT(kill(child, SIGCONT) == 0);
	EXPECT(waitpid(child, &status, WCONTINUED) == child);
	if (WIFCONTINUED(status))
		EXPECT(waitpid(child, &status, 0) == child);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 4);
}

static void test_vfork(void)
{
	volatile int shared = 1;
	int status;
	pid_t child = vfork();

	if (child == 0) {
		shared = 2;
		_exit(5);
	}
	EXPECT(shared == 2);
	EXPECT(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 5);
}

static void test_descriptors(void)
{
	int ends[2], status;
	char byte = 0;
	pid_t child;

	EXPECT(pipe2(ends, O_CLOEXEC) == 0);
	child = fork();
	if (child == 0) {
		/* The close-on-exec end must be gone in the new program. */
		char command[64];

		dup2(ends[1], 9);
		snprintf(command, sizeof(command), "echo x >&9 && ! { true >&%d; } 2>/dev/null",
		         ends[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	EXPECT(read(ends[0], &byte, 1) == 1 && byte == 'x');
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	close(ends[1]);
	EXPECT(read(ends[0], &byte, 1) == 1 && byte == '\n');
	EXPECT(read(ends[0], &byte, 1) == 0);
	close(ends[0]);
}

static void test_shared_offset(void)
{
	int fd = open("/tmp/offset", O_RDWR | O_CREAT | O_TRUNC, 0600);
	int status;
	pid_t child;

	EXPECT(write(fd, "0123456789", 10) == 10);
	EXPECT(lseek(fd, 0, SEEK_SET) == 0);
	child = fork();
	if (child == 0)
		_exit(lseek(fd, 6, SEEK_SET) == 6 ? 0 : 1);
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	EXPECT(lseek(fd, 0, SEEK_CUR) == 6);
	close(fd);
	unlink("/tmp/offset");
}

static void test_many(void)
{
	int status;

	for (int i = 0; i < 40; i++)
		if (fork() == 0)
			_exit(i);
	for (int i = 0; i < 40; i++)
		EXPECT(wait(&status) > 0 && WIFEXITED(status));
	EXPECT_ERROR(ECHILD, wait(&status));
}

static double seconds_of(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

/* What a child waited for counts as its own when its parent asks (wait4(2)). */
static void test_usage_of_grandchildren(void)
{
	struct rusage usage;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (fork() == 0) {
			while (clock() < CLOCKS_PER_SEC / 5)
				;
			_exit(0);
		}
		_exit(wait(&status) < 0);
	}
	EXPECT(wait4(child, &status, 0, &usage) == child && status == 0);
	EXPECT(seconds_of(&usage) >= 0.15);
}

int main(void)
{
	test_statuses();
	test_wait();
	test_vfork();
	test_descriptors();
	test_shared_offset();
	test_many();
	test_usage_of_grandchildren();
	return expect_result();
}
