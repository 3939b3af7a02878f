/* SPDX-License-Identifier: MIT
 *
 * Processes: fork(2), execve(2), wait(2), groups and sessions, and what they ask about themselves.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "contract.h"

static pid_t born(void (*run)(void))
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		if (run)
			run();
		fflush(stdout);
		_exit(0);
	}
	return child;
}

static void show_end(pid_t child)
{
	int status = -1;

	SHOW(waitpid(child, &status, 0) == child);
	SHOW(status);
}

static void end_by_abort(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	abort();
}

static void end_by_exit(void)
{
	_exit(0x1234);
}

CASE(ways_to_end)
{
	show_end(born(NULL));
	show_end(born(end_by_exit));
	show_end(born(end_by_abort));
}

CASE(wait_without_children)
{
	int status;

	SHOW(wait(&status));
	SHOW(waitpid(1, &status, 0));
	SHOW(waitpid(-1, &status, WNOHANG));
	SHOW(waitpid(getpid(), &status, 0));
}

CASE(exec_refuses)
{
	char *arguments[] = {"x", NULL};
	int fd;

	close(make_file("text", "not a program"));
	close(make_file("script", "#!/none/there\n"));
	close(make_file("empty", ""));
	mkdir("directory", 0755);
	SHOW(execv("none", arguments));
	SHOW(execv("text", arguments));
	chmod("text", 0755);
	chmod("script", 0755);
	chmod("empty", 0755);
	SHOW(syscall(SYS_execve, "script", arguments, arguments + 1));
	SHOW(syscall(SYS_execve, "empty", arguments, arguments + 1));
	SHOW(execv("directory", arguments));
	SHOW(execv("text/x", arguments));
	SHOW(execv("", arguments));
	SHOW(syscall(SYS_execve, 8, arguments, NULL));
	SHOW(syscall(SYS_execve, "text", 8, NULL));
	fd = open("text", O_WRONLY);
	SHOW(fd >= 0);
}

CASE(exec_runs_scripts)
{
	char *arguments[] = {"name", "one", "two", NULL};
	int fd = make_file("script", "#!/bin/sh -e\necho $0 $1 $2 $X; exit 3\n");
	int status = 0;

	close(fd);
	chmod("script", 0755);
	setenv("X", "environment", 1);
	fflush(stdout);
	if (fork() == 0) {
		execv("./script", arguments);
		_exit(99);
	}
	SHOW(wait(&status) > 0);
	SHOW(status);
}

CASE(exec_closes_what_it_was_told)
{
	char *arguments[] = {
	        "sh", "-c",
	        "[ -e /proc/self/fd/7 ] && echo 7; [ -e /proc/self/fd/8 ] && echo 8; true", NULL};

	dup2(0, 7);
	dup3(0, 8, O_CLOEXEC);
	fflush(stdout);
	execv("/bin/sh", arguments);
}

static void lead_session(void)
{
	SHOW(setsid() == getpid());
	SHOW(getsid(0) == getpid());
	SHOW(getpgrp() == getpid());
	SHOW(setsid());
	SHOW(setpgid(0, getppid()));
}

CASE(sessions)
{
	show_end(born(lead_session));
}

static void wait_for_end(void)
{
	rest(10000);
}

CASE(groups_of_processes)
{
	pid_t child = born(wait_for_end);

	SHOW(setpgid(child, child));
	SHOW(getpgid(child) == child);
	SHOW(setpgid(child, 999999));
	SHOW(setpgid(999999, 0));
	SHOW(setpgid(child, -1));
	SHOW(setpgid(1, 0));
	SHOW(getpgid(999999));
	SHOW(getsid(999999));
	SHOW(getsid(child) == getsid(0));
	SHOW(kill(-child, SIGTERM));
	show_end(child);
}

CASE(parents_and_orphans)
{
	int ends[2];
	char byte = 0;

	pipe(ends);
	fflush(stdout);
	if (fork() == 0) {
		if (fork() == 0) {
			pid_t parent = getppid();

			(void)!write(ends[1], "x", 1);
			while (getppid() == parent)
				rest(5);
			(void)!write(ends[1], "y", 1);
		} else {
			(void)!read(ends[0], &byte, 1);
		}
		_exit(0);
	}
	SHOW(wait(NULL) > 0);
	SHOW(read(ends[0], &byte, 1));
	SHOW(byte);
}

static int shared;

CASE(vfork_shares_memory)
{
	pid_t child;

	fflush(stdout);
	child = vfork();
	if (child == 0) {
		shared = 5;
		_exit(1);
	}
	SHOW(shared);
	show_end(child);
}

CASE(names_of_processes)
{
	char name[17] = "";

	SHOW(prctl(PR_SET_NAME, "a name that is too long"));
	SHOW(prctl(PR_GET_NAME, name));
	SAY("%s", name);
	SHOW(prctl(PR_SET_NAME, 8));
	SHOW(prctl(PR_GET_NAME, 8));
	SHOW(prctl(9999, 0));
}

CASE(times_of_processes)
{
	struct rusage usage;
	struct tms times_used;

	SHOW(getrusage(RUSAGE_SELF, &usage));
	SHOW(usage.ru_utime.tv_sec);
	SHOW(getrusage(RUSAGE_CHILDREN, &usage));
	SHOW(usage.ru_utime.tv_sec + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
	SHOW(getrusage(5, &usage));
	SHOW(getrusage(RUSAGE_SELF, (void *)8));
	SHOW(times(&times_used) > 0);
	SHOW(times_used.tms_cutime);
	SHOW(syscall(SYS_times, 8));
}

CASE(system_calls_about_the_system)
{
	struct utsname name;
	struct sysinfo info;
	char bytes[8];

	SHOW(uname(&name));
	SAY("%s %s", name.sysname, name.machine);
	SHOW(syscall(SYS_uname, 8));
	SHOW(sysinfo(&info));
	SHOW(info.mem_unit > 0 && info.totalram > 0 && info.procs > 0);
	SHOW(syscall(SYS_sysinfo, 8));
	SHOW(syscall(SYS_getrandom, bytes, 8, 0));
	SHOW(syscall(SYS_getrandom, bytes, 8, 99));
	SHOW(syscall(SYS_getrandom, 8, 8, 0));
	SHOW(syscall(SYS_getrandom, bytes, 0, 0));
	SHOW(syscall(9999));
}

CASE(scheduling)
{
	cpu_set_t set;

	SHOW(sched_yield());
	SHOW(sched_getaffinity(0, sizeof(set), &set));
	SHOW(CPU_COUNT(&set) >= 1);
	SHOW(syscall(SYS_sched_getaffinity, 0, 7, &set));
	SHOW(syscall(SYS_sched_getaffinity, 999999, 128, &set));
	SHOW(syscall(SYS_sched_getaffinity, 0, 128, 8));
}

CASE(files_after_fork)
{
	int fd = make_file("a", "0123456789");
	char text[4] = "";

	fflush(stdout);
	if (fork() == 0) {
		lseek(fd, 5, SEEK_SET);
		close(fd);
		_exit(0);
	}
	wait(NULL);
	SHOW(read(fd, text, 3));
	SAY("%s", text);
}

CASE(stopped_children)
{
	pid_t child = born(wait_for_end);
	int status = 0;

	kill(child, SIGSTOP);
	SHOW(waitpid(child, &status, WUNTRACED) == child);
	SHOW(status);
	kill(child, SIGCONT);
	SHOW(waitpid(child, &status, WCONTINUED) == child);
	SHOW(status);
	SHOW(waitpid(child, &status, WNOHANG | WUNTRACED | WCONTINUED));
	kill(child, SIGSTOP);
	kill(child, SIGKILL);
	show_end(child);
}
