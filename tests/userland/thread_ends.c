/* SPDX-License-Identifier: MIT
 *
 * How threads end, what becomes of them when their process ends, executes a program, forks or
 * stops; and clone3(2), which makes processes and threads.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "threads.h"

#define CLONE_THREAD_FLAG 0x10000 /* <linux/sched.h>, which musl does not have */

struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
	        set_tid_size, cgroup;
};

/* The child's exit code, or 1000 and the signal that ended it. */
static int outcome_of(void (*body)(void))
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		body();
		_exit(99);
	}
	EXPECT(waitpid(child, &status, 0) == child);
	return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void *pause_for_ever(void *unused)
{
	ready++;
	for (;;)
		pause();
	return unused;
}

static void *spin_for_ever(void *unused)
{
	ready++;
	for (;;)
		;
	return unused;
}

static void start_company(void)
{
	pthread_t thread;

	ready = 0;
	for (int i = 0; i < 3; i++)
		start(&thread, pause_for_ever, NULL);
	start(&thread, spin_for_ever, NULL);
	while (ready < 4)
		nap(1);
}

static void *exit_for_all(void *unused)
{
	start_company();
	exit(9);
	return unused;
}

static void body_exit_by_a_thread(void)
{
	pthread_t thread;

	start(&thread, exit_for_all, NULL);
	for (;;)
		pause();
}

static void body_fatal_signal(void)
{
	start_company();
	kill(getpid(), SIGTERM);
	for (;;)
		pause();
}

static void *exit_late(void *unused)
{
	nap(30);
	_exit(7);
	return unused;
}

static void body_first_thread_ends(void)
{
	pthread_t thread;

	start(&thread, exit_late, NULL);
	pthread_exit(NULL);
}

static char *self_path;

static void *execute(void *unused)
{
	char id[16];

	snprintf(id, sizeof(id), "%d", getpid());
	execl(self_path, self_path, "executed", id, NULL);
	_exit(98);
	return unused;
}

static void body_exec_by_a_thread(void)
{
	pthread_t thread;

	start_company();
	start(&thread, execute, NULL);
	for (;;)
		pause();
}

/* The program that body_exec_by_a_thread executes. */
static int executed(const char *id)
{
	return getpid() == atoi(id) && thread_id() == getpid() ? 5 : 6;
}

static void *fork_here(void *unused)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		/* Alone, so its end is the process's. */
		_exit(thread_id() == getpid() ? 3 : 4);
	waitpid(child, &status, 0);
	_exit(WEXITSTATUS(status));
	return unused;
}

static void body_fork_in_a_thread(void)
{
	pthread_t thread;

	start_company();
	start(&thread, fork_here, NULL);
	for (;;)
		pause();
}

static void test_ends(void)
{
	EXPECT(outcome_of(body_exit_by_a_thread) == 9);
	EXPECT(outcome_of(body_fatal_signal) == 1000 + SIGTERM);
	EXPECT(outcome_of(body_first_thread_ends) == 7);
	EXPECT(outcome_of(body_exec_by_a_thread) == 5);
	EXPECT(outcome_of(body_fork_in_a_thread) == 3);
}

static void test_who_waits_in_vfork_can_be_killed(void)
{
	struct timespec before, after;
	pid_t parent = fork();
	int status;

	if (parent == 0) {
		if (vfork() == 0) {
			nap(2000);
			_exit(0);
		}
		_exit(1);
	}
	nap(50);
	clock_gettime(CLOCK_MONOTONIC, &before);
	EXPECT(kill(parent, SIGKILL) == 0);
	EXPECT(waitpid(parent, &status, 0) == parent && WIFSIGNALED(status));
	clock_gettime(CLOCK_MONOTONIC, &after);
	EXPECT(after.tv_sec - before.tv_sec < 2);
}

static void *count_for_ever(void *count)
{
	for (;;)
		++*(atomic_long *)count;
	return NULL;
}

static void test_all_threads_stop_and_continue(void)
{
	atomic_long *counts =
	        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();
	long stopped[2];
	pthread_t thread;
	int status;

	if (child == 0) {
		start(&thread, count_for_ever, &counts[0]);
		count_for_ever(&counts[1]);
	}
	while (!counts[0] || !counts[1])
		nap(1);
	EXPECT(kill(child, SIGSTOP) == 0);
	EXPECT(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
	nap(50);
	for (int i = 0; i < 2; i++)
		stopped[i] = counts[i];
	nap(50);
	for (int i = 0; i < 2; i++)
		EXPECT(counts[i] == stopped[i]);
	EXPECT(kill(child, SIGCONT) == 0);
	for (int i = 0; i < 2; i++)
		while (counts[i] == stopped[i])
			nap(1);
	EXPECT(kill(child, SIGKILL) == 0);
	EXPECT(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
	munmap(counts, 4096);
}

static void test_clone3(void)
{
	struct clone_arguments args = {.exit_signal = SIGCHLD};
	char large[sizeof(args) + 8];
	long child;
	int status;

	EXPECT_ERROR(EINVAL, syscall(SYS_clone3, &args, 8));
	EXPECT_ERROR(E2BIG, syscall(SYS_clone3, &args, 1 << 20));
	EXPECT_ERROR(EFAULT, syscall(SYS_clone3, NULL, sizeof(args)));
	memset(large, 0, sizeof(large));
	large[sizeof(args)] = 1;
	EXPECT_ERROR(E2BIG, syscall(SYS_clone3, large, sizeof(large)));
	args.stack = 4096;
	EXPECT_ERROR(EINVAL, syscall(SYS_clone3, &args, sizeof(args)));
	args.stack = 0;
	args.flags = CLONE_THREAD_FLAG;
	EXPECT_ERROR(EINVAL, syscall(SYS_clone3, &args, sizeof(args)));
	args.flags = 0;
	child = syscall(SYS_clone3, &args, sizeof(args));
	if (child == 0)
		_exit(12);
	EXPECT(waitpid((pid_t)child, &status, 0) == child && WEXITSTATUS(status) == 12);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return executed(argv[2]);
	self_path = argv[0];
	test_ends();
	test_who_waits_in_vfork_can_be_killed();
	test_all_threads_stop_and_continue();
	test_clone3();
	return expect_result();
}
