/* SPDX-License-Identifier: MIT
 *
 * Priorities and scheduling policies (getpriority(2), ioprio_set(2), sched(7)), and ioctl(2) on any
 * file.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "contract.h"

/* The kernel's own values (getpriority(2), NOTES): 20 less the nice value. */
static long get(int which, long who)
{
	return syscall(SYS_getpriority, which, who);
}

CASE(nice_values_change)
{
	SHOW(get(PRIO_PROCESS, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, 5));
	SHOW(get(PRIO_PROCESS, 0));
	SHOW(get(PRIO_PROCESS, getpid()));
	SHOW(setpriority(PRIO_PROCESS, 0, 4));
	SHOW(setpriority(PRIO_PROCESS, 0, -100));
	SHOW(setpriority(PRIO_PROCESS, 0, 100));
	SHOW(get(PRIO_PROCESS, 0));
	SHOW(get(PRIO_PROCESS, 999999));
	SHOW(setpriority(PRIO_PROCESS, 999999, 0));
	SHOW(get(3, 0));
	SHOW(get(-1, 0));
	SHOW(setpriority(3, 0, 0));
	SHOW(setpriority(PRIO_PROCESS, getppid(), 19));
}

CASE(nice_values_of_a_group)
{
	pid_t child;
	int status;

	setpgid(0, 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	SHOW(setpriority(PRIO_PROCESS, child, 10));
	SHOW(get(PRIO_PGRP, 0));
	SHOW(setpriority(PRIO_PGRP, 0, 3));
	SHOW(setpriority(PRIO_PGRP, getpid(), 12));
	SHOW(get(PRIO_PROCESS, child));
	SHOW(get(PRIO_PGRP, 0));
	SHOW(get(PRIO_PGRP, 999999));
	SHOW(get(PRIO_USER, 4242));
	SHOW(get(PRIO_USER, 0) >= 8);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	SHOW(get(PRIO_PROCESS, child));
}

CASE(nice_values_are_inherited)
{
	int status;

	setpriority(PRIO_PROCESS, 0, 7);
	fflush(stdout);
	if (fork() == 0) {
		setpriority(PRIO_PROCESS, 0, 9);
		_exit((int)get(PRIO_PROCESS, 0));
	}
	wait(&status);
	SHOW(WEXITSTATUS(status));
	SHOW(get(PRIO_PROCESS, 0));
}

CASE(nice_values_in_proc)
{
	char text[512] = "", *at;
	int fd = open("/proc/self/stat", O_RDONLY);

	setpriority(PRIO_PROCESS, 0, 7);
	(void)!read(fd, text, sizeof(text) - 1);
	at = strrchr(text, ')');
	/* priority and nice are the 16th and 17th behind the name (proc(5)) */
	for (int i = 0; at && i < 16; i++)
		at = strchr(at + 1, ' ');
	SAY("%.5s", at ? at : "nothing");
}

#define IO_VALUE(class, level) ((class) << 13 | (level))

CASE(io_priorities)
{
	int status;

	SHOW(syscall(SYS_ioprio_set, 1, 0, IO_VALUE(2, 3)));
	SHOW(syscall(SYS_ioprio_get, 1, 0));
	SHOW(syscall(SYS_ioprio_get, 1, getpid()));
	SHOW(syscall(SYS_ioprio_set, 1, 0, IO_VALUE(1, 3)));
	SHOW(syscall(SYS_ioprio_set, 1, 0, IO_VALUE(3, 0)));
	SHOW(syscall(SYS_ioprio_get, 1, 0));
	SHOW(syscall(SYS_ioprio_set, 1, 0, IO_VALUE(0, 3)));
	SHOW(syscall(SYS_ioprio_set, 1, 0, IO_VALUE(4, 0)));
	SHOW(syscall(SYS_ioprio_set, 1, 999999, IO_VALUE(2, 3)));
	SHOW(syscall(SYS_ioprio_get, 1, 999999));
	SHOW(syscall(SYS_ioprio_get, 0, 0));
	SHOW(syscall(SYS_ioprio_get, 4, 0));
	SHOW(syscall(SYS_ioprio_set, 4, 0, IO_VALUE(2, 3)));
	SHOW(syscall(SYS_ioprio_set, 1, getppid(), IO_VALUE(2, 3)));
	setpgid(0, 0);
	SHOW(syscall(SYS_ioprio_set, 2, 0, IO_VALUE(2, 6)));
	SHOW(syscall(SYS_ioprio_get, 2, 0));
	fflush(stdout);
	if (fork() == 0)
		_exit((int)syscall(SYS_ioprio_get, 1, 0) & 0xff);
	wait(&status);
	SHOW(WEXITSTATUS(status));
}

static long set_policy(int policy, int priority)
{
	struct sched_param parameter = {.sched_priority = priority};

	return syscall(SYS_sched_setscheduler, 0, policy, &parameter);
}

static long set_parameter(int priority)
{
	struct sched_param parameter = {.sched_priority = priority};

	return syscall(SYS_sched_setparam, 0, &parameter);
}

CASE(scheduling_policies)
{
	struct sched_param parameter = {.sched_priority = 1};

	SHOW(syscall(SYS_sched_getscheduler, 0));
	SHOW(syscall(SYS_sched_getparam, 0, &parameter));
	SHOW(parameter.sched_priority);
	SHOW(set_policy(SCHED_BATCH, 0));
	SHOW(syscall(SYS_sched_getscheduler, 0));
	SHOW(set_parameter(0));
	SHOW(set_parameter(1));
	SHOW(set_policy(SCHED_OTHER, 1));
	SHOW(set_policy(SCHED_OTHER, -1));
	SHOW(set_policy(SCHED_FIFO, 1));
	SHOW(set_policy(SCHED_RR, 99));
	SHOW(set_policy(SCHED_RR, 0));
	SHOW(set_policy(SCHED_RR, 100));
	SHOW(set_policy(4, 0));
	SHOW(set_policy(99, 0));
	SHOW(set_policy(-1, 0));
	SHOW(set_policy(SCHED_OTHER | 0x40000000, 0));
	SHOW(syscall(SYS_sched_getscheduler, 0));
	SHOW(set_policy(SCHED_OTHER, 0));
	SHOW(set_policy(SCHED_IDLE | 0x40000000, 0));
	SHOW(syscall(SYS_sched_getscheduler, getpid()));
	SHOW(syscall(SYS_sched_getscheduler, -1));
	SHOW(syscall(SYS_sched_getscheduler, 999999));
	SHOW(syscall(SYS_sched_setscheduler, -1, 0, &parameter));
	SHOW(syscall(SYS_sched_setscheduler, 0, 0, NULL));
	SHOW(syscall(SYS_sched_setscheduler, 0, 0, 8));
	SHOW(syscall(SYS_sched_getparam, 0, NULL));
	SHOW(syscall(SYS_sched_getparam, 0, 8));
	SHOW(syscall(SYS_sched_getparam, 999999, &parameter));
}

CASE(scheduling_policies_are_inherited_or_not)
{
	int status;

	SHOW(set_policy(SCHED_BATCH, 0));
	fflush(stdout);
	if (fork() == 0)
		_exit((int)syscall(SYS_sched_getscheduler, 0));
	wait(&status);
	SHOW(WEXITSTATUS(status));
	SHOW(set_policy(SCHED_BATCH | 0x40000000, 0));
	fflush(stdout);
	if (fork() == 0)
		_exit((int)syscall(SYS_sched_getscheduler, 0));
	wait(&status);
	SHOW(WEXITSTATUS(status));
}

CASE(bounds_of_priorities)
{
	struct timespec time = {0, 0};

	for (int policy = -1; policy < 7; policy++) {
		SHOW(syscall(SYS_sched_get_priority_max, policy));
		SHOW(syscall(SYS_sched_get_priority_min, policy));
	}
	SHOW(syscall(SYS_sched_rr_get_interval, 0, &time));
	SHOW(syscall(SYS_sched_rr_get_interval, -1, &time));
	SHOW(syscall(SYS_sched_rr_get_interval, 999999, &time));
	SHOW(syscall(SYS_sched_rr_get_interval, 0, 8));
}

CASE(ioctl_of_any_file)
{
	int fd = make_file("file", "text"), rest = -1, one = 1, none = 0, ends[2];
	int directory = open(".", O_RDONLY | O_DIRECTORY), handle = open("file", O_PATH);

	SHOW(ioctl(fd, FIONREAD, &rest));
	SHOW(rest);
	lseek(fd, 3, SEEK_SET);
	SHOW(ioctl(fd, FIONREAD, &rest));
	SHOW(rest);
	lseek(fd, 10, SEEK_SET);
	SHOW(ioctl(fd, FIONREAD, &rest));
	SHOW(rest);
	SHOW(ioctl(fd, FIONREAD, 8));
	SHOW(ioctl(directory, FIONREAD, &rest));
	SHOW(ioctl(handle, FIONREAD, &rest));
	SHOW(ioctl(99, FIONREAD, &rest));
	SHOW(pipe(ends));
	SHOW(write(ends[1], "more", 4));
	SHOW(ioctl(ends[0], FIONREAD, &rest));
	SHOW(rest);
	SHOW(ioctl(fd, FIOCLEX));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(ioctl(fd, FIONCLEX));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(ioctl(ends[0], FIONBIO, &one));
	SHOW(fcntl(ends[0], F_GETFL));
	SHOW(ioctl(ends[0], FIONBIO, &none));
	SHOW(fcntl(ends[0], F_GETFL));
	SHOW(ioctl(ends[0], FIONBIO, 8));
	SHOW(ioctl(fd, 0x1234, 0));
	SHOW(ioctl(handle, FIOCLEX));
}
