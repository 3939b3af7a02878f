/* SPDX-License-Identifier: MIT
 *
 * Descriptors for processes (pidfd_open(2), pidfd_send_signal(2), CLONE_PIDFD), and waitid(2).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "contract.h"

/* Younger than musl's headers. */
#define SYS_PIDFD_SEND_SIGNAL 424
#define SYS_PIDFD_OPEN        434
#define SYS_CLONE3            435
#define BY_PIDFD              3
#define GIVE_PIDFD            0x1000

static int open_process(pid_t process, unsigned int flags)
{
	return (int)syscall(SYS_PIDFD_OPEN, process, flags);
}

static long send(int fd, int number)
{
	return syscall(SYS_PIDFD_SEND_SIGNAL, fd, number, NULL, 0);
}

static pid_t child_that_waits(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		rest(15000);
		_exit(0);
	}
	return child;
}

static pid_t child_that_ends(int status)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(status);
	return child;
}

/* The call itself: the library's hides the errors of its pointers. */
static long wait_id(int type, long id, void *info, int options)
{
	return syscall(SYS_waitid, type, id, info, options, NULL);
}

static void show_info(const siginfo_t *info, pid_t child)
{
	SAY("signal %d code %d status %d of %s", info->si_signo, info->si_code, info->si_status,
	    info->si_pid == child ? "the child"
	    : info->si_pid        ? "another"
	                          : "nobody");
}

CASE(pidfd_of_a_child)
{
	pid_t child = child_that_waits();
	int fd = open_process(child, 0);
	siginfo_t info = {0};

	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(fd, F_GETFL) & O_NONBLOCK);
	SHOW(poll_now(fd, POLLIN | POLLOUT));
	SHOW(send(fd, 0));
	SHOW(send(fd, SIGTERM));
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED | WNOWAIT));
	show_info(&info, child);
	SHOW(poll_now(fd, POLLIN | POLLOUT));
	SHOW(send(fd, 0));
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED));
	SHOW(poll_now(fd, POLLIN) & POLLIN);
	SHOW(send(fd, 0));
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED));
	SHOW(open_process(child, 0));
}

CASE(pidfd_is_waited_for)
{
	pid_t child;
	struct epoll_event event = {.events = EPOLLIN};
	struct pollfd polled = {.events = POLLIN};
	int epoll = epoll_create1(0);

	fflush(stdout);
	child = fork();
	if (child == 0) {
		rest(100);
		_exit(3);
	}
	polled.fd = open_process(child, 0);
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, polled.fd, &event));
	SHOW(epoll_wait(epoll, &event, 1, 0));
	SHOW(poll(&polled, 1, 10000));
	SHOW(polled.revents & POLLIN);
	SHOW(epoll_wait(epoll, &event, 1, 10000));
}

CASE(pidfd_that_does_not_block)
{
	pid_t child = child_that_waits();
	int fd = open_process(child, O_NONBLOCK);
	siginfo_t info = {0};

	SHOW(fcntl(fd, F_GETFL) & O_NONBLOCK);
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED));
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED | WNOHANG));
	SHOW(info.si_pid);
	SHOW(kill(child, SIGKILL));
	SHOW(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 10000));
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED));
	show_info(&info, child);
}

CASE(pidfd_from_clone)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} arguments = {.flags = GIVE_PIDFD, .exit_signal = SIGCHLD};
	siginfo_t info = {0};
	int fd = -1;
	long child;

	arguments.pidfd = (uint64_t)&fd;
	fflush(stdout);
	child = syscall(SYS_CLONE3, &arguments, sizeof(arguments));
	if (child == 0)
		_exit(5);
	SHOW(child > 0);
	SHOW(fcntl(fd, F_GETFD));
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED));
	show_info(&info, (pid_t)child);
	fd = -1;
	child = syscall(SYS_clone, GIVE_PIDFD | SIGCHLD, 0, &fd, 0, 0);
	if (child == 0)
		_exit(6);
	SHOW(wait_id(BY_PIDFD, fd, &info, WEXITED));
	show_info(&info, (pid_t)child);
	SHOW(syscall(SYS_clone, GIVE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, &fd, 0, 0));
	SHOW(syscall(SYS_clone, GIVE_PIDFD | SIGCHLD, 0, 8, 0, 0));
}

CASE(pidfd_calls_refuse)
{
	int file = make_file("file", ""), self = open_process(getpid(), 0);
	siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};

	SHOW(open_process(0, 0));
	SHOW(open_process(-1, 0));
	SHOW(open_process(999999, 0));
	SHOW(open_process(getpid(), 1));
	SHOW(send(file, 0));
	SHOW(send(99, 0));
	SHOW(send(self, 65));
	SHOW(send(self, -1));
	SHOW(syscall(SYS_PIDFD_SEND_SIGNAL, self, 0, NULL, 8));
	SHOW(syscall(SYS_PIDFD_SEND_SIGNAL, self, SIGUSR2, &info, 0));
	SHOW(syscall(SYS_PIDFD_SEND_SIGNAL, self, SIGUSR2, 8, 0));
	SHOW(send(open_process(1, 0), 0));
	SHOW(read(self, &info, sizeof(info)));
	SHOW(write(self, &info, sizeof(info)));
	SHOW(wait_id(BY_PIDFD, file, &info, WEXITED));
	SHOW(wait_id(BY_PIDFD, 99, &info, WEXITED));
	SHOW(wait_id(BY_PIDFD, -1, &info, WEXITED));
	SHOW(wait_id(BY_PIDFD, self, &info, WEXITED));
}

CASE(pidfd_sends_what_is_said)
{
	int self = open_process(getpid(), 0);
	siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE}, got = {0};
	struct timespec now = {0, 0};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	info.si_value.sival_int = 42;
	SHOW(syscall(SYS_PIDFD_SEND_SIGNAL, self, SIGUSR1, &info, 0));
	SHOW(sigtimedwait(&set, &got, &now));
	SHOW(got.si_code);
	SHOW(got.si_value.sival_int);
	SHOW(send(self, SIGUSR1));
	SHOW(sigtimedwait(&set, &got, &now));
	SHOW(got.si_code);
	SHOW(got.si_pid == getpid());
}

CASE(waitid_of_an_end)
{
	siginfo_t info = {0};
	pid_t child = child_that_ends(300);

	SHOW(wait_id(P_PID, child, &info, WEXITED));
	show_info(&info, child);
	SHOW(info.si_uid == getuid());
	child = child_that_waits();
	SHOW(wait_id(P_ALL, 0, &info, WEXITED | WNOHANG));
	show_info(&info, child);
	SHOW(kill(child, SIGKILL));
	SHOW(wait_id(P_ALL, 0, &info, WEXITED));
	show_info(&info, child);
	SHOW(wait_id(P_ALL, 0, &info, WEXITED));
}

CASE(waitid_of_stops)
{
	siginfo_t info = {0};
	pid_t child = child_that_waits();

	kill(child, SIGSTOP);
	SHOW(wait_id(P_PID, child, &info, WSTOPPED | WNOWAIT));
	show_info(&info, child);
	SHOW(wait_id(P_PID, child, &info, WSTOPPED));
	SHOW(wait_id(P_PID, child, &info, WSTOPPED | WNOHANG));
	show_info(&info, child);
	kill(child, SIGCONT);
	SHOW(wait_id(P_PID, child, &info, WCONTINUED));
	show_info(&info, child);
	SHOW(wait_id(P_PID, child, &info, WCONTINUED | WNOHANG));
	kill(child, SIGKILL);
	SHOW(wait_id(P_PID, child, &info, WEXITED | WSTOPPED));
	show_info(&info, child);
}

CASE(waitid_leaves_ends_that_were_not_asked_for)
{
	siginfo_t info = {0};
	pid_t child = child_that_ends(1);

	rest(100);
	SHOW(wait_id(P_PID, child, &info, WSTOPPED | WCONTINUED | WNOHANG));
	SHOW(info.si_pid);
	SHOW(wait_id(P_PID, child, NULL, WEXITED));
	SHOW(wait_id(P_PID, child, NULL, WEXITED));
}

CASE(waitid_of_groups)
{
	siginfo_t info = {0};
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		_exit(9);
	}
	rest(100);
	SHOW(wait_id(P_PGID, 0, &info, WEXITED | WNOHANG));
	SHOW(wait_id(P_PGID, child, &info, WEXITED));
	show_info(&info, child);
}

CASE(waitid_refuses)
{
	siginfo_t info;

	SHOW(wait_id(P_ALL, 0, &info, 0));
	SHOW(wait_id(P_ALL, 0, &info, WNOHANG));
	SHOW(wait_id(P_ALL, 0, &info, WEXITED | 0x100));
	SHOW(wait_id(4, 0, &info, WEXITED));
	SHOW(wait_id(P_PID, 0, &info, WEXITED));
	SHOW(wait_id(P_PID, -1, &info, WEXITED));
	SHOW(wait_id(P_PGID, -1, &info, WEXITED));
	SHOW(wait_id(P_PID, getpid(), &info, WEXITED));
	child_that_ends(0);
	SHOW(wait_id(P_ALL, 0, (void *)8, WEXITED));
	SHOW(wait_id(P_ALL, 0, &info, WEXITED));
}

CASE(waitid_is_interrupted)
{
	siginfo_t info;
	pid_t child = child_that_waits();

	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 100);
	SHOW(wait_id(P_ALL, 0, &info, WSTOPPED));
	SHOW(signals_caught);
	kill(child, SIGKILL);
}

CASE(wait4_options)
{
	struct rusage usage;
	int status;
	pid_t child = child_that_ends(4);

	SHOW(wait4(child, &status, 0, &usage) == child);
	SHOW(status);
	SHOW(wait4(-1, &status, 0, NULL));
	SHOW(wait4(-1, &status, 0x20, NULL));
	SHOW(wait4(-1, &status, WNOWAIT, NULL));
	SHOW(wait4(INT32_MIN, &status, 0, NULL));
	child = child_that_waits();
	SHOW(wait4(child, &status, WNOHANG, NULL));
	SHOW(wait4(0, &status, WNOHANG, NULL));
	SHOW(wait4(-child, &status, WNOHANG, NULL));
	kill(child, SIGKILL);
	SHOW(wait4(child, (void *)8, 0, NULL));
}
