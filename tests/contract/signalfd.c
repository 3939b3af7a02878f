/* SPDX-License-Identifier: MIT
 *
 * signalfd(2).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include "contract.h"

static sigset_t set_of(int first, int second)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, first);
	if (second)
		sigaddset(&set, second);
	return set;
}

/* Blocks the signals, and gives a descriptor for them. */
static int open_for(int first, int second, int flags)
{
	sigset_t set = set_of(first, second);

	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, flags);
}

/* Reads up to so many records and says what is in them. */
static void show_signals(int fd, size_t most)
{
	struct signalfd_siginfo records[4];
	ssize_t size = read(fd, records, most * sizeof(records[0]));

	if (size < 0) {
		SAY("signals: errno %d", errno);
		return;
	}
	for (size_t i = 0; i < (size_t)size / sizeof(records[0]); i++)
		SAY("signal %u code %d status %d, %s", records[i].ssi_signo, records[i].ssi_code,
		    records[i].ssi_status,
		    records[i].ssi_pid == (uint32_t)getpid() ? "mine" : "another's");
}

CASE(signalfd_reads)
{
	int fd = open_for(SIGUSR1, SIGUSR2, SFD_NONBLOCK);

	SHOW(fd);
	show_signals(fd, 1);
	SHOW(poll_now(fd, POLLIN | POLLOUT));
	kill(getpid(), SIGUSR2);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	SHOW(poll_now(fd, POLLIN | POLLOUT));
	show_signals(fd, 4);
	show_signals(fd, 1);
}

CASE(signalfd_reads_one_by_one)
{
	int fd = open_for(SIGUSR1, SIGUSR2, SFD_NONBLOCK);

	kill(getpid(), SIGUSR2);
	kill(getpid(), SIGUSR1);
	show_signals(fd, 1);
	show_signals(fd, 1);
	show_signals(fd, 1);
}

CASE(signalfd_other_signals_stay)
{
	int fd = open_for(SIGUSR1, 0, SFD_NONBLOCK);
	sigset_t other = set_of(SIGUSR2, 0), pending;

	sigprocmask(SIG_BLOCK, &other, NULL);
	kill(getpid(), SIGUSR2);
	show_signals(fd, 1);
	SHOW(sigpending(&pending));
	SHOW(sigismember(&pending, SIGUSR2));
	/* Another set: now it is read. */
	SHOW(signalfd(fd, &other, 0) == fd);
	SHOW(poll_now(fd, POLLIN));
	show_signals(fd, 1);
}

CASE(signalfd_waits)
{
	int fd = open_for(SIGUSR1, 0, 0);

	signal_later(SIGUSR1, 50);
	show_signals(fd, 2);
}

CASE(signalfd_of_a_child)
{
	int fd = open_for(SIGCHLD, 0, 0);

	fflush(stdout);
	if (fork() == 0)
		_exit(7);
	show_signals(fd, 1);
	SHOW(wait(NULL) > 0);
}

CASE(signalfd_in_epoll)
{
	int fd = open_for(SIGUSR1, 0, SFD_NONBLOCK), epoll = epoll_create1(0);
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};

	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	SHOW(epoll_wait(epoll, &event, 1, 0));
	signal_later(SIGUSR1, 50);
	SHOW(epoll_wait(epoll, &event, 1, 5000));
	SHOW(event.events);
	SHOW(epoll_wait(epoll, &event, 1, 0));
	show_signals(fd, 1);
}

CASE(signalfd_is_interrupted_by_others)
{
	int fd = open_for(SIGUSR1, 0, 0);

	catch_signal(SIGUSR2, 0);
	signal_later(SIGUSR2, 100);
	show_signals(fd, 1);
	SHOW(signals_caught);
}

CASE(signalfd_refuses)
{
	sigset_t set = set_of(SIGUSR1, SIGKILL);
	int fd = signalfd(-1, &set, SFD_CLOEXEC), file = make_file("file", "");
	char small[100];

	SHOW(fcntl(fd, F_GETFD));
	SHOW(syscall(SYS_signalfd4, -1, &set, 8, 1));
	SHOW(syscall(SYS_signalfd4, -1, &set, 4, 0));
	SHOW(syscall(SYS_signalfd4, -1, 8, 8, 0));
	SHOW(syscall(SYS_signalfd4, 99, &set, 8, 0));
	SHOW(syscall(SYS_signalfd4, file, &set, 8, 0));
	SHOW(syscall(SYS_signalfd, fd, &set, 8) == fd);
	SHOW(read(fd, small, sizeof(small)));
	SHOW(write(fd, small, sizeof(small)));
}
