/* SPDX-License-Identifier: MIT
 *
 * getrlimit(2), setrlimit(2), prlimit(2), and what the limits do.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "contract.h"

static long limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit new = {soft, hard};

	return setrlimit(resource, &new);
}

static long soft(int resource)
{
	struct rlimit now = {0};

	return getrlimit(resource, &now) ? -1 : (long)now.rlim_cur;
}

static long prlimit_call(pid_t process, int resource, const void *new, void *old)
{
	return syscall(SYS_prlimit64, process, resource, new, old);
}

static void show_end(pid_t child)
{
	int status = 0;

	waitpid(child, &status, 0);
	SAY("child ended: %s %d", WIFSIGNALED(status) ? "signal" : "exit",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

CASE(limits_are_set_and_read)
{
	static const int resources[] = {RLIMIT_CPU,   RLIMIT_FSIZE,   RLIMIT_DATA,
	                                RLIMIT_STACK, RLIMIT_CORE,    RLIMIT_RSS,
	                                RLIMIT_NPROC, RLIMIT_NOFILE,  RLIMIT_AS,
	                                RLIMIT_LOCKS, RLIMIT_MEMLOCK, RLIMIT_SIGPENDING};

	for (size_t i = 0; i < sizeof(resources) / sizeof(resources[0]); i++) {
		struct rlimit now, set;

		SHOW(getrlimit(resources[i], &now));
		set = now;
		set.rlim_cur = now.rlim_max < 512 ? now.rlim_max : 512;
		if (resources[i] == RLIMIT_AS || resources[i] == RLIMIT_DATA)
			set.rlim_cur = 1 << 30;
		SHOW(setrlimit(resources[i], &set));
		SHOW(getrlimit(resources[i], &now));
		SHOW(now.rlim_cur == set.rlim_cur && now.rlim_max == set.rlim_max);
	}
}

CASE(limits_refuse)
{
	struct rlimit now = {5, 4};

	SHOW(setrlimit(RLIMIT_NOFILE, &now));
	SHOW(limit(RLIMIT_NOFILE, 10, 20));
	SHOW(limit(RLIMIT_NOFILE, 10, 21));
	SHOW(limit(RLIMIT_NOFILE, 20, 20));
	SHOW(limit(RLIMIT_NOFILE, 10, 10));
	SHOW(limit(RLIMIT_NOFILE, 11, 11));
	SHOW(prlimit_call(0, 16, NULL, &now));
	SHOW(prlimit_call(0, -1, NULL, &now));
	SHOW(prlimit_call(0, RLIMIT_CPU, (void *)8, NULL));
	SHOW(prlimit_call(0, RLIMIT_CPU, NULL, (void *)8));
	SHOW(prlimit_call(1, RLIMIT_CPU, NULL, &now));
	SHOW(prlimit_call(999999, RLIMIT_CPU, NULL, &now));
	SHOW(prlimit_call(getpid(), RLIMIT_CPU, NULL, &now));
	SHOW(syscall(SYS_getrlimit, 16, &now));
	SHOW(syscall(SYS_getrlimit, RLIMIT_CPU, (void *)8));
	SHOW(syscall(SYS_setrlimit, RLIMIT_CPU, (void *)8));
}

CASE(limits_of_a_child)
{
	struct rlimit new = {100, 200}, old;
	pid_t child;

	SHOW(limit(RLIMIT_FSIZE, 1000, 2000));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		SHOW(soft(RLIMIT_FSIZE));
		SHOW(limit(RLIMIT_FSIZE, 500, 600));
		fflush(stdout);
		pause();
		_exit(0);
	}
	rest(100);
	SHOW(prlimit_call(child, RLIMIT_FSIZE, &new, &old));
	SHOW(old.rlim_cur);
	SHOW(old.rlim_max);
	SHOW(prlimit_call(child, RLIMIT_FSIZE, NULL, &old));
	SHOW(old.rlim_max);
	SHOW(soft(RLIMIT_FSIZE));
	kill(child, SIGKILL);
	show_end(child);
}

CASE(limit_of_descriptors)
{
	struct pollfd many[8] = {{.fd = -1}};
	int ends[2];

	SHOW(limit(RLIMIT_NOFILE, 5, 10));
	SHOW(dup(0));
	SHOW(dup(0));
	SHOW(dup(0));
	SHOW(open("/dev/null", O_RDONLY));
	SHOW(pipe(ends));
	SHOW(dup2(0, 5));
	SHOW(dup2(0, 4));
	SHOW(fcntl(0, F_DUPFD, 5));
	SHOW(fcntl(0, F_DUPFD, 4));
	SHOW(fcntl(0, F_DUPFD, -1));
	close(4);
	SHOW(fcntl(0, F_DUPFD, 4));
	SHOW(poll(many, 8, 0));
	SHOW(limit(RLIMIT_NOFILE, 3, 10)); /* those that are open stay so */
	SHOW(fcntl(4, F_GETFD));
	SHOW(dup(0));
	SHOW(dup2(0, 4));
}

CASE(limit_of_file_size_signals)
{
	int fd = make_file("file", "");
	char text[64] = "";

	catch_signal(SIGXFSZ, 0);
	SHOW(limit(RLIMIT_FSIZE, 100, 100));
	SHOW(write(fd, text, 64));
	SHOW(write(fd, text, 64));
	SHOW(signals_caught);
	SHOW(write(fd, text, 1));
	SHOW(signals_caught);
	SHOW(pwrite(fd, text, 10, 95));
	SHOW(pwrite(fd, text, 10, 100));
	SHOW(pwrite(fd, text, 0, 200));
	SHOW(signals_caught);
	SHOW(ftruncate(fd, 101));
	SHOW(signals_caught);
	SHOW(ftruncate(fd, 100));
	SHOW(truncate("file", 200));
	SHOW(signals_caught);
	SHOW(fallocate(fd, 0, 0, 101));
	SHOW(signals_caught);
	SHOW(lseek(fd, 0, SEEK_END));
}

CASE(limit_of_file_size_by_appending)
{
	int fd = make_file("file", "12345678"), more = open("file", O_WRONLY | O_APPEND);

	signal(SIGXFSZ, SIG_IGN);
	SHOW(limit(RLIMIT_FSIZE, 10, 10));
	SHOW(write(more, "abcd", 4));
	SHOW(write(more, "abcd", 4));
	SHOW(lseek(fd, 0, SEEK_END));
	/* What there is may be written over. */
	SHOW(limit(RLIMIT_FSIZE, 4, 10));
	SHOW(pwrite(fd, "abcdef", 6, 0));
	SHOW(pwrite(fd, "abcdef", 6, 4));
	SHOW(ftruncate(fd, 6));
}

CASE(limit_of_file_size_kills)
{
	pid_t child;

	SHOW(limit(RLIMIT_FSIZE, 10, 10));
	SHOW(limit(RLIMIT_CORE, 0, 0));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		int fd = make_file("file", "1234567890");

		pwrite(fd, "x", 1, 10);
		_exit(0);
	}
	show_end(child);
}

static pid_t burn(rlim_t soft, rlim_t hard)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		catch_signal(SIGXCPU, 0);
		limit(RLIMIT_CPU, soft, hard);
		while (!signals_caught)
			;
		_exit(7);
	}
	return child;
}

CASE(limit_of_cpu_time)
{
	pid_t signalled, killed;

	alarm(60); /* on a machine that does other things too */
	SHOW(limit(RLIMIT_CORE, 0, 0));
	signalled = burn(1, 5);
	killed = burn(1, 1);
	show_end(signalled);
	show_end(killed);
}

CASE(limit_of_memory)
{
	SHOW(limit(RLIMIT_AS, 64 << 20, RLIM_INFINITY));
	SHOW(mmap(NULL, 100 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	SHOW(errno == ENOMEM);
	SHOW(mmap(NULL, 16 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	SHOW(limit(RLIMIT_AS, RLIM_INFINITY, RLIM_INFINITY));
	SHOW(mmap(NULL, 100 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

CASE(limit_of_data)
{
	char *end = (char *)syscall(SYS_brk, 0);
	char *area = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	SHOW(limit(RLIMIT_DATA, 16 << 20, RLIM_INFINITY));
	SHOW((char *)syscall(SYS_brk, end + (32 << 20)) == end);
	SHOW((char *)syscall(SYS_brk, end + (1 << 20)) == end + (1 << 20));
	SHOW(mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	     MAP_FAILED);
	SHOW(errno == ENOMEM);
	SHOW(mmap(NULL, 32 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	SHOW(mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) !=
	     MAP_FAILED);
	SHOW(mremap(area, 4096, 32 << 20, MREMAP_MAYMOVE) == MAP_FAILED);
	SHOW(errno == ENOMEM);
}

static int dig(int depth)
{
	volatile char frame[16384];

	frame[0] = (char)depth;
	return depth == 0 ? frame[0] : dig(depth - 1) + frame[0];
}

CASE(limit_of_the_stack)
{
	for (int depth = 8; depth <= 160; depth += 152) {
		pid_t child;

		fflush(stdout);
		child = fork();
		if (child == 0) {
			limit(RLIMIT_CORE, 0, 0);
			limit(RLIMIT_STACK, 1 << 20, 1 << 20);
			_exit(dig(depth) & 0);
		}
		show_end(child);
	}
}

CASE(limit_of_processes)
{
	pid_t child;

	SHOW(limit(RLIMIT_NPROC, 0, 0));
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(0);
	SHOW(child);
}

CASE(limit_of_signals_that_wait)
{
	union sigval value = {.sival_int = 1};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	SHOW(limit(RLIMIT_SIGPENDING, 0, 0));
	SHOW(sigqueue(getpid(), SIGRTMIN, value));
	SHOW(kill(getpid(), SIGRTMIN));
}

CASE(limits_are_kept_by_exec)
{
	char *arguments[] = {"sh", "-c", "ulimit -n; ulimit -f", NULL};

	SHOW(limit(RLIMIT_NOFILE, 77, 88));
	SHOW(limit(RLIMIT_FSIZE, 512 * 7, 512 * 7));
	fflush(stdout);
	execv("/bin/sh", arguments);
}
